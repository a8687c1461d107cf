import { useLoaderData, type LoaderFunctionArgs } from 'react-router';
import { countryName, Page } from '../../components/index.js';
import { useFacts, useT } from '../../facts.js';
import { absent, load } from '../../server/load.server.js';
import { GoalLinks } from './links.js';
import { pointOf } from './map.server.js';
import { totalsFor } from './totals.server.js';
import { Totals } from './totals.js';

/** Totals and gaps of a country, ISO 3166-1 alpha-2. */
export const loader = (args: LoaderFunctionArgs) =>
  load(args, async (visit) => {
    const country = args.params['code'] ?? '';
    if (pointOf(country) === undefined) throw absent(visit);
    return { country, given: await totalsFor(visit, { country }) };
  });

/** What is asked, promised and missing in one country. */
export default function Country() {
  const t = useT();
  const { locale } = useFacts();
  const { country, given } = useLoaderData<typeof loader>();
  return (
    <Page
      title={countryName(locale, country)}
      over={t('lists:country.one')}
      lead={t('lists:country.lead')}
      description={t('lists:country.lead')}
      crumbs={[{ to: '/map', label: t('lists:map.title') }]}
    >
      <Totals
        given={given}
        ofNeeds={`country=${country}`}
        ofProjects={`country=${country}`}
        ofOrganisations={`country=${country}`}
      />
      <GoalLinks goals={given.goals} />
    </Page>
  );
}
