import { numberText } from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';
import { FEED_ENTRIES_MAX, FILE_ROWS_MAX, FILES, type Format } from './formats.js';

/** The address of a list in one form: the same filters, without the place in the pages. */
function addressOf(path: string, search: string, format: Format): string {
  const query = new URLSearchParams(search);
  query.delete('cursor');
  const text = query.toString();
  return `${path}.${format}${text === '' ? '' : `?${text}`}`;
}

/**
 * Links that take a list away, as every page with a list shows them. `path` is the list's below the language (`/needs`,
 * `/needs/<id>/pledges`); `query` its filters, those of the page when absent. Namespace: `lists`.
 */
export function ListExports({ path, query }: { path: string; query?: string }) {
  const t = useT();
  const href = useHref();
  const { search, locale } = useFacts();
  const plain = path.replace(/^\/([a-z]+)\/[^/]+\//u, '$1/:id/').replace(/^\//u, '');
  const formats = FILES.find((file) => file.path === plain)?.formats ?? [];
  const list = FILES.find((file) => file.path === plain)?.list ?? 'needs';
  // A list inside a page about something else: short.
  const inner = plain.includes(':');
  const title = t('lists:exports.title', { list: t(`lists:name.${list}`) });
  const to = (format: Format) => href(addressOf(path, query ?? search, format));
  return (
    <section className="exports" aria-label={title}>
      {inner ? <h3>{title}</h3> : <h2>{title}</h2>}
      <ul className="nav">
        {formats.map((format) => (
          <li key={format}>
            <a href={to(format)} {...(format === 'csv' || format === 'json' ? { download: '' } : {})}>
              {t(`lists:exports.${format.replace('.', '-')}`)}
            </a>
          </li>
        ))}
        {inner ? null : (
          <li>
            <a href={href('/data')}>{t('lists:data.title')}</a>
          </li>
        )}
      </ul>
      {inner ? null : (
        <p className="hint">
          {t('lists:exports.limits', { rows: numberText(locale, FILE_ROWS_MAX), entries: numberText(locale, FEED_ENTRIES_MAX) })}
        </p>
      )}
      {formats.includes('atom') ? (
        <>
          <link rel="alternate" type="application/atom+xml" href={to('atom')} title="Atom" />
          <link rel="alternate" type="application/feed+json" href={to('feed.json')} title="JSON Feed" />
        </>
      ) : null}
    </section>
  );
}
