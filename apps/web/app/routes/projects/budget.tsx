import { useLoaderData, type LoaderFunctionArgs } from 'react-router';
import { DataTable, Money, Notice, StateBadge, When } from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';
import { load } from '../../server/load.server.js';
import { may } from '../stewarding/may.js';
import { boardOf, namesFor, parameter, type Names } from './board.js';
import { budgetOf, type Fund, type Movement } from './budget-rows.js';
import { Organisation, ProjectFrame } from './frame.js';
import { FundingTable } from './funding-table.js';
import { SourceBar } from './source-bar.js';

/** The budget of a project with every row behind its numbers. */
export const loader = (args: LoaderFunctionArgs) =>
  load(args, async (visit) => {
    const { board } = await boardOf(visit, parameter(args, 'id'));
    const budget = await budgetOf(visit, board.project);
    const names = await namesFor(visit, board, [
      ...budget.pledges.map(({ organisationId }) => organisationId),
      ...budget.movements.flatMap(({ organisation }) => organisation ?? []),
    ]);
    const { id, title } = board.project;
    return { project: { id, title }, budget, names };
  });

const KINDS = ['received', 'spent', 'refunded'] as const;

/** Where the money comes from and where it goes; each number leads to its rows. */
export default function BudgetPage() {
  const t = useT();
  const href = useHref();
  const { project, budget, names } = useLoaderData<typeof loader>();
  const { lines, nonCash, pledges, fund, movements } = budget;
  return (
    <ProjectFrame project={project} title={t('projects:budget.title')} lead={t('projects:budget.lead')}>
      <section aria-labelledby="lines">
        <h2 id="lines">{t('projects:funding.title')}</h2>
        <FundingTable projectId={project.id} lines={lines} here />
      </section>
      <section aria-labelledby="sources">
        <h2 id="sources">{t('projects:budget.bySource')}</h2>
        <p className="hint">{t('projects:budget.bySourceHint')}</p>
        {lines.map((line) => (
          <SourceBar key={line.id} line={line} pledges={pledges.filter(({ lineId }) => lineId === line.id)} names={names} />
        ))}
        {nonCash.length === 0 ? null : (
          <p>
            {t('projects:budget.nonCash')}{' '}
            {nonCash.map(({ currency, method, value }, index) => (
              <span key={`${currency}-${method}`}>
                {index === 0 ? '' : ' · '}
                <Money minor={value} currency={currency} />
              </span>
            ))}
          </p>
        )}
      </section>
      <FundPart projectId={project.id} fund={fund} />
      {fund.balances.flatMap(({ currency }) =>
        KINDS.map((kind) => (
          <Rows
            key={`${kind}-${currency}`}
            kind={kind}
            currency={currency}
            rows={movements.filter((one) => one.kind === kind && one.currency === currency)}
            fund={fund}
            names={names}
            projectId={project.id}
          />
        )),
      )}
      <p className="meta">
        <span>{t('projects:budget.same')}</span>
        <a href={href(`/projects/${project.id}/budget.csv`)}>CSV</a>
        <a href={`/api/v1/funds/${project.id}/entries`}>JSON</a>
        <a href={href(`/projects/${project.id}/integrity?of=funds.${project.id}`)}>{t('projects:activity.verify')}</a>
      </p>
    </ProjectFrame>
  );
}

function FundPart({ projectId, fund }: { projectId: string; fund: Fund }) {
  const t = useT();
  const href = useHref();
  const { reader } = useFacts();
  const { balances, status, pendingRefund, recipientId } = fund;
  const editor = may(reader?.acting, 'editor', [recipientId]);
  const refunder = may(reader?.acting, 'approver', [recipientId, pendingRefund?.organisationId]);
  return (
    <section aria-labelledby="fund">
      <h2 id="fund">
        {t('projects:budget.fund')} <StateBadge kind="fund" state={status} />
      </h2>
      {fund.suspended ? <Notice kind="warning">{t('projects:budget.suspended')}</Notice> : null}
      {balances.length === 0 ? (
        <p>{t('projects:budget.nothing')}</p>
      ) : (
        <DataTable
          caption={t('projects:budget.fundCaption')}
          rows={balances}
          rowKey={({ currency }) => currency}
          columns={[
            { key: 'currency', label: t('projects:budget.currency'), heads: true, cell: ({ currency }) => <bdi>{currency}</bdi> },
            ...KINDS.map((kind) => ({
              key: kind as string,
              label: t(`projects:budget.${kind}`),
              number: true,
              cell: (row: Fund['balances'][number]) =>
                row[kind] === 0 ? (
                  <Money minor={0} currency={row.currency} />
                ) : (
                  <a href={`#${kind}-${row.currency}`}>
                    <Money minor={row[kind]} currency={row.currency} />
                  </a>
                ),
            })),
            {
              key: 'balance',
              label: t('projects:budget.balance'),
              number: true,
              cell: ({ balance, currency }) => <Money minor={balance} currency={currency} />,
            },
          ]}
        />
      )}
      {pendingRefund === undefined ? null : (
        <Notice kind="warning" title={t('projects:budget.refundOffered')}>
          <p>
            <Money minor={pendingRefund.quantity} currency={pendingRefund.currency} /> · <When at={pendingRefund.refundedOn} />
          </p>
        </Notice>
      )}
      {editor || refunder ? (
        <ul className="actions">
          {editor ? (
            <li>
              <a className="button" href={href(`/projects/${projectId}/fund/expenditure`)}>
                {t('stewarding:do.funds.record-expenditure')}
              </a>
            </li>
          ) : null}
          {refunder ? (
            <li>
              <a href={href(`/projects/${projectId}/fund/refund`)}>{t('stewarding:do.funds.refund')}</a>
            </li>
          ) : null}
        </ul>
      ) : null}
    </section>
  );
}

interface RowsProps {
  readonly kind: (typeof KINDS)[number];
  readonly currency: string;
  readonly rows: readonly Movement[];
  readonly fund: Fund;
  readonly names: Names;
  readonly projectId: string;
}

/** The rows behind one number of the fund, and their sum. */
function Rows({ kind, currency, rows, fund, names, projectId }: RowsProps) {
  const t = useT();
  const href = useHref();
  const { reader } = useFacts();
  if (rows.length === 0) return null;
  const editor = fund.status === 'open' && may(reader?.acting, 'editor', [fund.recipientId]);
  const voided = new Set(rows.filter(({ reverses }) => reverses).map(({ expenditureId }) => expenditureId));
  const voidable = ({ expenditureId, reverses }: Movement) =>
    editor && !reverses && expenditureId !== undefined && !voided.has(expenditureId);
  return (
    <section aria-labelledby={`${kind}-${currency}`}>
      <h3 id={`${kind}-${currency}`}>
        {t(`projects:budget.${kind}`)} · <bdi>{currency}</bdi>
      </h3>
      <DataTable
        caption={t('projects:budget.rows')}
        captionHidden
        rows={rows}
        rowKey={({ key }) => key}
        columns={[
          { key: 'on', label: t('projects:column.on'), heads: true, cell: ({ on }) => <When at={on} /> },
          {
            key: 'text',
            label: t('projects:budget.what'),
            cell: ({ text, organisation, reverses }) => (
              <>
                {reverses ? <b>{t('projects:budget.reverses')} </b> : null}
                {organisation === undefined ? null : <Organisation id={organisation} names={names} />}{' '}
                <span dir="auto">{text ?? ''}</span>
              </>
            ),
          },
          {
            key: 'amount',
            label: t('projects:budget.amount'),
            number: true,
            cell: ({ amount }) => <Money minor={amount} currency={currency} />,
          },
          ...(editor && kind === 'spent'
            ? [
                {
                  key: 'step',
                  label: t('projects:own'),
                  cell: (row: Movement) =>
                    voidable(row) ? (
                      <a href={href(`/projects/${projectId}/fund/void/${row.expenditureId ?? ''}`)}>
                        {t('stewarding:do.funds.void-expenditure')}
                      </a>
                    ) : (
                      '–'
                    ),
                },
              ]
            : []),
        ]}
      />
      <p className="meta">
        {t('projects:budget.sum')} <Money minor={rows.reduce((sum, { amount }) => sum + amount, 0)} currency={currency} />
      </p>
    </section>
  );
}
