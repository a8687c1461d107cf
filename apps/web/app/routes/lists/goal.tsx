import { useLoaderData, type LoaderFunctionArgs } from 'react-router';
import { Page, SdgMark } from '../../components/index.js';
import { useHref, useT } from '../../facts.js';
import { absent, load } from '../../server/load.server.js';
import { CountryLinks } from './links.js';
import { totalsFor } from './totals.server.js';
import { Totals } from './totals.js';

const GOALS = Array.from({ length: 17 }, (_, index) => String(index + 1));

/** Totals and gaps of a Sustainable Development Goal. */
export const loader = (args: LoaderFunctionArgs) =>
  load(args, async (visit) => {
    const goal = args.params['goal'] ?? '';
    if (!GOALS.includes(goal)) throw absent(visit);
    return { goal, given: await totalsFor(visit, { goal }) };
  });

/** What is asked, promised and missing for one goal. */
export default function Goal() {
  const t = useT();
  const href = useHref();
  const { goal, given } = useLoaderData<typeof loader>();
  const filed = given.projects.targets.filter((target) => target.startsWith(`${goal}.`));
  const targets = filed.map((target) => `sdg=${target}`).join('&');
  const name = t(`sdg:goal.${goal}`);
  return (
    <Page
      title={`${goal} ${name}`}
      heading={<SdgMark goal={goal} />}
      over={t('lists:goal.one')}
      lead={t('lists:goal.lead')}
      description={t('lists:goal.lead')}
      crumbs={[{ to: '/needs', label: t('lists:name.needs') }]}
    >
      <Totals given={given} ofNeeds={`sdgGoal=${goal}`} ofProjects={targets} ofOrganisations={`sdg=${goal}`} />
      <CountryLinks countries={given.countries} />
      <nav aria-label={t('lists:goal.others')}>
        <h2>{t('lists:goal.others')}</h2>
        <ul className="goal-list">
          {GOALS.filter((one) => one !== goal).map((one) => (
            <li key={one}>
              <a href={href(`/sdgs/${one}`)}>
                <SdgMark goal={one} />
              </a>
            </li>
          ))}
        </ul>
      </nav>
    </Page>
  );
}
