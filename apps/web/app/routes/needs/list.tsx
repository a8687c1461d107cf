import type { NeedResource } from '@concord/contracts';
import { useLoaderData, type LoaderFunctionArgs } from 'react-router';
import type { z } from 'zod';
import { countryName, EmptyState, Facets, languageName, Page, Pager, Results, type Facet } from '../../components/index.js';
import type { Listed } from '../../api.js';
import { useFacts, useHref, useT, type Translate } from '../../facts.js';
import type { Locale } from '../../locale.js';
import { load } from '../../server/load.server.js';
import { ListExports } from '../lists/list-exports.js';
import { NeedCard } from './need-card.js';

type Need = z.output<typeof NeedResource>;

const SIZE = 20;
/** Parameters the API takes; anything else in the address is not asked for. */
const FILTERS = ['status', 'needType', 'country', 'sdgGoal', 'lineKind', 'organisation', 'language'] as const;

/** A page of needs: one request, and the names of those who posted them. */
export const loader = (args: LoaderFunctionArgs) =>
  load(args, async (visit) => {
    const given = visit.url.searchParams;
    const query: Record<string, string | readonly string[] | undefined> = {
      facets: 'true',
      count: 'estimate',
      limit: String(SIZE),
    };
    for (const name of FILTERS) query[name] = given.getAll(name);
    for (const name of ['q', 'sort', 'cursor']) query[name] = given.get(name) || undefined;
    const { body } = await visit.api.get<Listed<Need>>('/needs', { query });
    const owners = await visit.namesOf([
      ...body.items.map(({ organisationId }) => organisationId),
      ...(body.facets?.['organisation'] ?? []).map(({ value }) => value),
    ]);
    return { ...body, owners: Object.fromEntries(owners) };
  });

/** What a facet's value is called. */
function wordsOf(
  t: Translate,
  locale: Locale,
  owners: Readonly<Record<string, string>>,
): Record<string, (value: string) => string> {
  return {
    status: (value) => t(`words:need.${value}`),
    needType: (value) => t(`words:needType.${value}`),
    country: (value) => countryName(locale, value),
    sdgGoal: (value) => `${value} ${t(`sdg:goal.${value}`)}`,
    lineKind: (value) => t(`words:lineKind.${value}`),
    organisation: (value) => owners[value] ?? value,
    language: (value) => languageName(locale, value),
  };
}

/** Explore needs. */
export default function Needs() {
  const t = useT();
  const href = useHref();
  const { locale, reader } = useFacts();
  const { items, next, count, facets = {}, owners } = useLoaderData<typeof loader>();
  const words = wordsOf(t, locale, owners);
  const shown: Facet[] = FILTERS.map((name) => ({
    name,
    label: t(`needs:facet.${name}`),
    values: (facets[name] ?? []).map(({ value, count: many }) => ({ value, count: many, label: words[name]?.(value) ?? value })),
  }));
  const sorts = ['newest', 'closing_soon', 'recently_updated'].map((value) => ({ value, label: t(`needs:sort.${value}`) }));
  return (
    <Page title={t('needs:list.title')} lead={t('needs:list.lead')} description={t('needs:list.lead')}>
      {reader ? (
        <p className="actions">
          <a className="button quiet" href={href('/needs/new')}>
            {t('site:home.post')}
          </a>
        </p>
      ) : null}
      <div className="explore">
        <Facets facets={shown} sorts={sorts} searchLabel={t('needs:list.search')} />
        <div>
          <Results facets={shown} count={count} countKey="needs:list.count" />
          {items.length === 0 ? (
            <EmptyState title={t('needs:list.emptyTitle')} to="/needs" action={t('site:list.removeAll')}>
              {t('needs:list.empty')}
            </EmptyState>
          ) : (
            <ul className="cards">
              {items.map((need) => (
                <NeedCard key={need.id} need={need} owner={owners[need.organisationId]} />
              ))}
            </ul>
          )}
          <Pager next={next} size={SIZE} />
          <ListExports path="/needs" />
        </div>
      </div>
    </Page>
  );
}
