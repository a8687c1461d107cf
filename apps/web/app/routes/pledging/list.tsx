import { useLoaderData, type LoaderFunctionArgs } from 'react-router';
import type { Listed } from '../../api.js';
import { DataTable, EmptyState, Page, Pager, Quantity, Results, StateBadge, When, type Facet } from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';
import { load } from '../../server/load.server.js';
import type { Pledge } from './offer.js';

const SIZE = 50;
const WHOSE = ['need', 'organisation', 'owner', 'recipient', 'project', 'line'] as const;
const STATUSES = ['offered', 'confirmed', 'partly_delivered', 'delivered', 'declined', 'withdrawn', 'lapsed'] as const;
const KINDS = ['funding', 'expertise', 'in_kind', 'data'] as const;

/** A page of pledges: of a need, an organisation, or all; with the names of those concerned. */
export const loader = (args: LoaderFunctionArgs) =>
  load(args, async (visit) => {
    const given = visit.url.searchParams;
    const query: Record<string, string | readonly string[] | undefined> = { count: 'estimate', limit: String(SIZE) };
    for (const name of [...WHOSE, 'status', 'kind']) query[name] = given.getAll(name).filter((value) => value !== '');
    query['cursor'] = given.get('cursor') || undefined;
    const { body } = await visit.api.get<Listed<Pledge>>('/pledges', { query });
    const ids = ['organisation', 'owner', 'recipient'].flatMap((name) => given.getAll(name));
    const names = await visit.namesOf([...ids, ...body.items.map(({ organisationId }) => organisationId)]);
    const wanted = [...new Set([...body.items.map(({ needId }) => needId), ...given.getAll('need')])].filter((id) => id !== '');
    const needs = await Promise.all(
      wanted.slice(0, SIZE + 1).map(async (id) => {
        const { body: need } = await visit.api.get<{ title: string }>(`/needs/${encodeURIComponent(id)}`);
        return [id, need.title] as const;
      }),
    );
    return { ...body, names: Object.fromEntries(names), needs: Object.fromEntries(needs) };
  });

/** Pledges with their state; public, as everything that was promised is. */
export default function Pledges() {
  const t = useT();
  const href = useHref();
  const { search } = useFacts();
  const { items, next, count, names, needs } = useLoaderData<typeof loader>();
  const query = new URLSearchParams(search);
  const need = query.get('need');
  const who = ['organisation', 'owner', 'recipient'].map((name) => query.get(name)).find((id) => id);
  const over = need ? needs[need] : who ? names[who] : undefined;
  return (
    <Page
      title={t('pledging:list.title')}
      lead={t('pledging:list.lead')}
      over={over === undefined ? undefined : <bdi>{over}</bdi>}
      crumbs={need ? [{ to: `/needs/${need}`, label: needs[need] ?? '' }] : []}
    >
      <Own />
      <Filter />
      <Results facets={useChips(names, needs)} count={count} countKey="pledging:list.count" />
      {items.length === 0 ? (
        <EmptyState title={t('pledging:list.none')} to="/needs" action={t('needs:list.title')}>
          {t('pledging:list.noneText')}
        </EmptyState>
      ) : (
        <DataTable
          caption={t('pledging:list.title')}
          captionHidden
          rows={items}
          rowKey={({ id }) => id}
          columns={[
            {
              key: 'who',
              label: t('pledging:fact.pledger'),
              heads: true,
              cell: ({ id, organisationId }) => (
                <a href={href(`/pledges/${id}`)}>
                  <bdi>{names[organisationId] ?? organisationId}</bdi>
                </a>
              ),
            },
            {
              key: 'quantity',
              label: t('pledging:field.quantity'),
              number: true,
              cell: ({ quantity, unit }) => <Quantity value={quantity} unit={unit} />,
            },
            { key: 'status', label: t('pledging:list.status'), cell: ({ status }) => <StateBadge kind="pledge" state={status} /> },
            { key: 'need', label: t('needs:one'), cell: ({ needId }) => <bdi>{needs[needId]}</bdi> },
            { key: 'madeAt', label: t('pledging:fact.madeAt'), cell: ({ madeAt }) => <When at={madeAt} /> },
          ]}
        />
      )}
      <Pager next={next} size={SIZE} />
    </Page>
  );
}

/** The lists of the organisation somebody acts for. */
function Own() {
  const t = useT();
  const href = useHref();
  const id = useFacts().reader?.acting?.id;
  if (id === undefined) return null;
  return (
    <ul className="chips" aria-label={t('pledging:list.own')}>
      {(['organisation', 'owner', 'recipient'] as const).map((name) => (
        <li key={name}>
          <a className="chip" href={href(`/pledges?${name}=${id}`)}>
            {t(`pledging:list.of.${name}`)}
          </a>
        </li>
      ))}
    </ul>
  );
}

/** State and kind as a GET form; whose pledges they are stays as it is. */
function Filter() {
  const t = useT();
  const href = useHref();
  const { path, search } = useFacts();
  const query = new URLSearchParams(search);
  const select = (name: 'status' | 'kind', values: readonly string[], say: (value: string) => string) => (
    <div className="field">
      <label htmlFor={name}>{t(`pledging:list.${name}`)}</label>
      <select id={name} name={name} defaultValue={query.get(name) ?? ''}>
        <option value="">{t('pledging:list.all')}</option>
        {values.map((value) => (
          <option key={value} value={value}>
            {say(value)}
          </option>
        ))}
      </select>
    </div>
  );
  return (
    <form className="form" method="get" action={href(path)} role="search" aria-label={t('site:list.filters')}>
      {WHOSE.flatMap((name) =>
        query.getAll(name).map((value) => <input key={name + value} type="hidden" name={name} value={value} />),
      )}
      {select('status', STATUSES, (value) => t(`words:pledge.${value}`))}
      {select('kind', KINDS, (value) => t(`words:lineKind.${value}`))}
      <p className="actions">
        <button type="submit">{t('site:list.apply')}</button>
      </p>
    </form>
  );
}

/** What was chosen, as chips that can be taken away. */
function useChips(names: Readonly<Record<string, string>>, needs: Readonly<Record<string, string>>): Facet[] {
  const t = useT();
  const { search } = useFacts();
  const query = new URLSearchParams(search);
  const label = (name: string, value: string) =>
    name === 'status'
      ? t(`words:pledge.${value}`)
      : name === 'kind'
        ? t(`words:lineKind.${value}`)
        : (needs[value] ?? names[value] ?? value);
  return [...WHOSE, 'status', 'kind'].map((name) => ({
    name,
    label: name,
    values: query
      .getAll(name)
      .filter((value) => value !== '')
      .map((value) => ({ value, count: 0, label: label(name, value) })),
  }));
}
