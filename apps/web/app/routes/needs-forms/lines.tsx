import { useLoaderData, type LoaderFunctionArgs } from 'react-router';
import { DataTable, EmptyState, Page, Quantity } from '../../components/index.js';
import { useHref, useT } from '../../facts.js';
import { loadSignedIn } from '../../server/load.server.js';
import { ownNeed } from './own-need.server.js';

const KINDS = ['funding', 'expertise', 'in_kind', 'data'] as const;

/** The draft. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => ({ need: (await ownNeed(visit, args.params, 'draft')).need }));

/** What is wanted, line by line; each has a page of its own. */
export default function Lines() {
  const t = useT();
  const href = useHref();
  const { need } = useLoaderData<typeof loader>();
  const here = `/needs/${need.id}/edit/lines`;
  return (
    <Page
      title={t('needs-forms:topic.lines')}
      lead={t('needs-forms:topicLead.lines')}
      crumbs={[
        { to: '/needs', label: t('needs:list.title') },
        { to: `/needs/${need.id}/edit`, label: need.title },
      ]}
    >
      {need.lines.length === 0 ? (
        <EmptyState title={t('needs-forms:lines.none')}>{t('needs-forms:lines.noneText')}</EmptyState>
      ) : (
        <DataTable
          caption={t('needs-forms:lines.caption')}
          rows={need.lines}
          rowKey={({ lineId }) => lineId}
          columns={[
            {
              key: 'title',
              label: t('needs-forms:field.lineTitle'),
              heads: true,
              cell: ({ lineId, title }) => (
                <a href={href(`${here}/${lineId}`)}>
                  <bdi>{title}</bdi>
                </a>
              ),
            },
            { key: 'kind', label: t('needs-forms:field.kind'), cell: ({ kind }) => t(`words:lineKind.${kind}`) },
            {
              key: 'target',
              label: t('needs-forms:field.target'),
              number: true,
              cell: ({ target, unit }) => <Quantity value={target} unit={unit} />,
            },
            {
              key: 'minimum',
              label: t('needs-forms:field.minimum'),
              number: true,
              cell: ({ minimum, unit }) => (minimum === undefined ? '–' : <Quantity value={minimum} unit={unit} />),
            },
            {
              key: 'recipient',
              label: t('needs-forms:field.recipient'),
              cell: ({ recipient }) => t(`needs-forms:recipient.${recipient}`),
            },
          ]}
        />
      )}
      <h2>{t('needs-forms:lines.add')}</h2>
      <ul>
        {KINDS.map((kind) => (
          <li key={kind}>
            <a href={href(`${here}/new?kind=${kind}`)}>{t(`needs-forms:lines.new.${kind}`)}</a>
          </li>
        ))}
      </ul>
      <p>
        <a className="button" href={href(`/needs/${need.id}/edit`)}>
          {t('needs-forms:lines.done')}
        </a>
      </p>
    </Page>
  );
}
