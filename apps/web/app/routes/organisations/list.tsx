import type { PublicOrganisation } from '@concord/contracts';
import { useLoaderData, type LoaderFunctionArgs } from 'react-router';
import type { z } from 'zod';
import type { Listed } from '../../api.js';
import { countryName, EmptyState, Facets, Page, Pager, Results, StateBadge, type Facet } from '../../components/index.js';
import { useFacts, useHref, useT, type Translate } from '../../facts.js';
import type { Locale } from '../../locale.js';
import { load } from '../../server/load.server.js';
import { ListExports } from '../lists/list-exports.js';

type Organisation = z.output<typeof PublicOrganisation>;

const SIZE = 20;
const FACETS = ['type', 'standing', 'country', 'sdg'] as const;
/** Parameters the API takes besides the facets. */
const FILTERS = [...FACETS, 'kind', 'sector', 'capability', 'serves', 'endorses'] as const;

/** A page of the directory: one request. */
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
    return (await visit.api.get<Listed<Organisation>>('/organisations', { query })).body;
  });

const wordsOf = (t: Translate, locale: Locale): Record<(typeof FACETS)[number], (value: string) => string> => ({
  type: (value) => t(`words:organisationType.${value}`),
  standing: (value) => t(`words:standing.${value}`),
  country: (value) => countryName(locale, value),
  sdg: (value) => {
    const [goal = value] = value.split('.');
    return `${value} ${t(`sdg:goal.${goal}`)}`;
  },
});

/** Goals before their targets, in the order of their numbers. */
const inOrder = (one: string, other: string): number => one.localeCompare(other, 'en', { numeric: true });

/** Find organisations: who there is, what they can do, where and for which goals. */
export default function Organisations() {
  const t = useT();
  const { locale, reader } = useFacts();
  const href = useHref();
  const { items, next, count, facets = {} } = useLoaderData<typeof loader>();
  const words = wordsOf(t, locale);
  const shown: Facet[] = FACETS.map((name) => ({
    name,
    label: t(`organisations:facet.${name}`),
    values: [...(facets[name] ?? [])]
      .sort((a, b) => (name === 'sdg' ? inOrder(a.value, b.value) : 0))
      .map(({ value, count: many }) => ({ value, count: many, label: words[name](value) })),
  }));
  const sorts = ['name', 'newest'].map((value) => ({ value, label: t(`organisations:sort.${value}`) }));
  return (
    <Page title={t('site:nav.organisations')} lead={t('organisations:list.lead')} description={t('organisations:list.lead')}>
      <p>
        <a href={href(reader ? '/organisations/new' : '/register')}>{t('site:acting.register')}</a>
      </p>
      <div className="explore">
        <Facets facets={shown} sorts={sorts} searchLabel={t('organisations:list.search')} />
        <div>
          <Results facets={shown} count={count} countKey="organisations:list.count" />
          {items.length === 0 ? (
            <EmptyState title={t('organisations:list.emptyTitle')} to="/organisations" action={t('site:list.removeAll')}>
              {t('organisations:list.empty')}
            </EmptyState>
          ) : (
            <ul className="cards">
              {items.map((one) => (
                <Card key={one.id} organisation={one} />
              ))}
            </ul>
          )}
          <Pager next={next} size={SIZE} />
          <ListExports path="/organisations" />
        </div>
      </div>
    </Page>
  );
}

function Card({ organisation }: { organisation: Organisation }) {
  const t = useT();
  const href = useHref();
  const { locale } = useFacts();
  const { id, name, acronym, type, country, standing, description, capabilities = [] } = organisation;
  return (
    <li className="card">
      <h3>
        <a href={href(`/organisations/${id}`)}>
          <bdi>{name}</bdi>
        </a>{' '}
        {acronym === undefined ? null : (
          <span className="mark">
            <bdi>{acronym}</bdi>
          </span>
        )}
      </h3>
      <p className="meta">
        <StateBadge kind="standing" state={standing} />
        <span>{t(`words:organisationType.${type}`)}</span>
        {country === undefined ? null : <span>{countryName(locale, country)}</span>}
      </p>
      {description === undefined ? null : (
        <p className="summary" dir="auto">
          {description}
        </p>
      )}
      {capabilities.length === 0 ? null : (
        <p className="meta">
          <bdi>{new Intl.ListFormat(locale, { type: 'unit' }).format(capabilities)}</bdi>
        </p>
      )}
    </li>
  );
}
