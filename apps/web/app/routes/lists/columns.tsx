import { useLoaderData, type LoaderFunctionArgs } from 'react-router';
import { DataTable, numberText, Page } from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';
import { load } from '../../server/load.server.js';
import { FEED_ENTRIES_MAX, FILE_ROWS_MAX, FILES } from './formats.js';
import { LIST_KINDS } from './kinds.server.js';

/** The columns of each list, as the files have them. */
export const loader = (args: LoaderFunctionArgs) =>
  load(args, () => ({
    lists: Object.entries(LIST_KINDS).map(([list, { columns, query }]) => ({ list, columns: Object.keys(columns), query })),
  }));

/** What can be taken away, in which forms, and what each column means. */
export default function DataPage() {
  const t = useT();
  const href = useHref();
  const { locale } = useFacts();
  const { lists } = useLoaderData<typeof loader>();
  const open = FILES.filter(({ path }) => !path.includes(':'));
  return (
    <Page title={t('lists:data.title')} lead={t('lists:data.lead')} description={t('lists:data.lead')}>
      <section aria-labelledby="files">
        <h2 id="files">{t('lists:data.files')}</h2>
        <ul className="cards">
          {open.map(({ path, list, formats }) => (
            <li className="card" key={path}>
              <h3>
                <a href={href(`/${path}`)}>{t(`lists:name.${list}`)}</a>
              </h3>
              <ul className="nav">
                {formats.map((format) => (
                  <li key={format}>
                    <a href={href(`/${path}.${format}`)}>{t(`lists:exports.${format.replace('.', '-')}`)}</a>
                  </li>
                ))}
              </ul>
            </li>
          ))}
        </ul>
        <p>{t('lists:data.ofOne')}</p>
        <ul>
          {FILES.filter(({ path }) => path.includes(':')).map(({ path, list, formats }) => (
            <li key={path}>
              {t(`lists:name.${list}`)}: <code dir="ltr">{formats.map((format) => `/${locale}/${path}.${format}`).join('  ')}</code>
            </li>
          ))}
        </ul>
      </section>
      <section aria-labelledby="rules">
        <h2 id="rules">{t('lists:data.rules')}</h2>
        <ul>
          {['filters', 'csv', 'bom', 'formula', 'amounts', 'times', 'json', 'feeds', 'private'].map((rule) => (
            <li key={rule}>
              {t(`lists:rule.${rule}`, {
                rows: numberText(locale, FILE_ROWS_MAX),
                entries: numberText(locale, FEED_ENTRIES_MAX),
              })}
            </li>
          ))}
        </ul>
      </section>
      {lists.map(({ list, columns, query }) => (
        <section key={list} aria-labelledby={`columns-${list}`}>
          <h2 id={`columns-${list}`}>{t('lists:data.columns', { list: t(`lists:name.${list}`) })}</h2>
          <DataTable
            caption={t('lists:data.caption', { list: t(`lists:name.${list}`) })}
            captionHidden
            rows={columns}
            rowKey={(name) => name}
            columns={[
              { key: 'name', label: t('lists:data.column'), heads: true, cell: (name) => <code dir="ltr">{name}</code> },
              { key: 'means', label: t('lists:data.meaning'), cell: (name) => t(`lists:column.${name}`) },
            ]}
          />
          <p>
            {t('lists:data.parameters')} <code dir="ltr">{query.join(', ')}</code>
          </p>
        </section>
      ))}
    </Page>
  );
}
