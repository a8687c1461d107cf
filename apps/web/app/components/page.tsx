import { useFacts, useHref, useT } from '../facts.js';
import type { FormState } from '../form-state.js';
import { LOCALES } from '../locale.js';

/** A step of the way to a page: the last one is the page itself and is left out. */
export interface Crumb {
  readonly to: string;
  readonly label: string;
}

/** Where this page stands. */
export function Breadcrumb({ crumbs }: { crumbs: readonly Crumb[] }) {
  const t = useT();
  const href = useHref();
  return (
    <nav className="breadcrumb" aria-label={t('site:breadcrumb')}>
      <ol>
        {crumbs.map(({ to, label }) => (
          <li key={to}>
            <a href={href(to)}>
              <bdi>{label}</bdi>
            </a>
          </li>
        ))}
      </ol>
    </nav>
  );
}

interface PageProps {
  /** Title of the browser's tab and, unless `heading` says otherwise, the h1. */
  readonly title: string;
  readonly heading?: React.ReactNode;
  /** Small line above the heading: what kind of thing this is. */
  readonly over?: React.ReactNode;
  /** First sentence, in larger letters. */
  readonly lead?: React.ReactNode;
  readonly crumbs?: readonly Crumb[];
  /** State of the form of the page: puts `Error:` before the title. The summary itself belongs to `PostForm`. */
  readonly state?: FormState | undefined;
  /** What is of interest to search engines and previews. */
  readonly description?: string | undefined;
  readonly children: React.ReactNode;
}

/** Frame of every page: title, way, heading. */
export function Page({ title, heading, over, lead, crumbs, state, description, children }: PageProps) {
  const t = useT();
  const { path, search } = useFacts();
  return (
    <>
      <title>{`${state ? `${t('site:errorTitle')} ` : ''}${title} – Concord`}</title>
      {description === undefined ? null : <meta name="description" content={description} />}
      {LOCALES.map((one) => (
        <link key={one} rel="alternate" hrefLang={one} href={`/${one}${path === '/' ? '' : path}${search}`} />
      ))}
      {crumbs && crumbs.length > 0 ? <Breadcrumb crumbs={crumbs} /> : null}
      <div className="page-head">
        {over === undefined ? null : <p className="over">{over}</p>}
        <h1>{heading ?? title}</h1>
        {lead === undefined ? null : <p className="lead">{lead}</p>}
      </div>
      {children}
    </>
  );
}
