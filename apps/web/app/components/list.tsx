import { useFacts, useHref, useT } from '../facts.js';
import { Num } from './amounts.js';

/** A value of a facet, in words, and how many there are. */
export interface FacetValue {
  readonly value: string;
  readonly label: string;
  readonly count: number;
}

/** A filter of a list. */
export interface Facet {
  /** Name of the query parameter. */
  readonly name: string;
  readonly label: string;
  readonly values: readonly FacetValue[];
}

/** Query of an address with some parameters changed; undefined removes one. A changed filter starts at the first page. */
export function changedQuery(search: string, changes: Readonly<Record<string, string | readonly string[] | undefined>>): string {
  const query = new URLSearchParams(search);
  query.delete('cursor');
  for (const [name, value] of Object.entries(changes)) {
    query.delete(name);
    for (const one of value === undefined ? [] : typeof value === 'string' ? [value] : value) query.append(name, one);
  }
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/** Adds values that are chosen but matched by nothing, so that they can be unchosen. */
function withChosen(facet: Facet, chosen: readonly string[]): FacetValue[] {
  const missing = chosen.filter((value) => !facet.values.some((one) => one.value === value));
  return [...facet.values, ...missing.map((value) => ({ value, label: value, count: 0 }))];
}

interface FacetsProps {
  readonly facets: readonly Facet[];
  readonly sorts: readonly { readonly value: string; readonly label: string }[];
  readonly searchLabel: string;
}

/** Search, sort and filters as one GET form: everything chosen is in the address, and Back brings it back. */
export function Facets({ facets, sorts, searchLabel }: FacetsProps) {
  const t = useT();
  const href = useHref();
  const { path, search } = useFacts();
  const query = new URLSearchParams(search);
  return (
    <form className="facets" method="get" action={href(path)} role="search" aria-label={t('site:list.filters')}>
      <div className="field">
        <label htmlFor="q">{searchLabel}</label>
        <input id="q" type="search" name="q" maxLength={200} defaultValue={query.get('q') ?? ''} dir="auto" />
      </div>
      <div className="field">
        <label htmlFor="sort">{t('site:list.sort')}</label>
        <select id="sort" name="sort" defaultValue={query.get('sort') ?? sorts[0]?.value}>
          {sorts.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </div>
      {facets.map((facet, index) => {
        const chosen = query.getAll(facet.name);
        const values = withChosen(facet, chosen);
        if (values.length === 0) return null;
        return (
          <details key={facet.name} className="facet" open={chosen.length > 0 || index < 2}>
            <summary>{facet.label}</summary>
            <fieldset>
              <legend className="visually-hidden">{facet.label}</legend>
              {values.map(({ value, label, count }) => (
                <label className="choice" key={value}>
                  <input type="checkbox" name={facet.name} value={value} defaultChecked={chosen.includes(value)} />
                  <span>
                    <bdi>{label}</bdi>{' '}
                    <span className="count">
                      (<Num value={count} />)
                    </span>
                  </span>
                </label>
              ))}
            </fieldset>
          </details>
        );
      })}
      <p className="actions">
        <button type="submit">{t('site:list.apply')}</button>
      </p>
    </form>
  );
}

interface ResultsProps {
  readonly facets: readonly Facet[];
  /** Matches, where they were counted; `more` when there are more than that. */
  readonly count: { readonly value: number; readonly more: boolean } | undefined;
  /** Says the count: key of a plural text with `count`. */
  readonly countKey: string;
}

/** How many there are, announced, and what was chosen as chips that each can be taken away. */
export function Results({ facets, count, countKey }: ResultsProps) {
  const t = useT();
  const href = useHref();
  const { path, search } = useFacts();
  const query = new URLSearchParams(search);
  const chips = facets.flatMap((facet) =>
    query.getAll(facet.name).map((value) => ({
      key: `${facet.name}=${value}`,
      label: withChosen(facet, [value]).find((one) => one.value === value)?.label ?? value,
      to: changedQuery(search, { [facet.name]: query.getAll(facet.name).filter((one) => one !== value) }),
    })),
  );
  const q = query.get('q');
  if (q) chips.unshift({ key: 'q', label: `“${q}”`, to: changedQuery(search, { q: undefined }) });
  return (
    <div className="results">
      <h2 aria-live="polite">
        {count === undefined
          ? t('site:list.results')
          : `${t(countKey, { count: count.value })}${count.more ? ` ${t('site:list.orMore')}` : ''}`}
      </h2>
      {chips.length === 0 ? null : (
        <ul className="chips" aria-label={t('site:list.chosen')}>
          {chips.map(({ key, label, to }) => (
            <li key={key}>
              <a className="chip" href={`${href(path)}${to}`}>
                <span className="visually-hidden">{t('site:list.remove')} </span>
                <bdi>{label}</bdi>
                <span aria-hidden="true"> ×</span>
              </a>
            </li>
          ))}
          <li>
            <a href={href(path)}>{t('site:list.removeAll')}</a>
          </li>
        </ul>
      )}
    </div>
  );
}

/** To the next page of a list, and back to the first: a cursor knows no page before it; the browser's Back does. */
export function Pager({ next, size }: { next: string | undefined; size: number }) {
  const t = useT();
  const href = useHref();
  const { path, search } = useFacts();
  const query = new URLSearchParams(search);
  const later = query.has('cursor');
  if (!later && next === undefined) return null;
  return (
    <nav className="pager" aria-label={t('site:list.pages')}>
      {later ? (
        <a href={`${href(path)}${changedQuery(search, {})}`}>
          <span aria-hidden="true" className="arrow-back" /> {t('site:list.first')}
        </a>
      ) : null}
      {next === undefined ? null : (
        <a rel="next" href={`${href(path)}${changedQuery(search, { cursor: next })}`}>
          {t('site:list.next', { count: size })} <span aria-hidden="true" className="arrow-on" />
        </a>
      )}
    </nav>
  );
}

/** Why a list is empty, and the one useful thing to do. */
export function EmptyState({
  title,
  children,
  to,
  action,
}: {
  title: string;
  children: React.ReactNode;
  to?: string;
  action?: string;
}) {
  const href = useHref();
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {typeof children === 'string' ? <p>{children}</p> : children}
      {to === undefined || action === undefined ? null : (
        <a className="button" href={href(to)}>
          {action}
        </a>
      )}
    </div>
  );
}
