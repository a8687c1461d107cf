import { DataTable, percentText, Quantity, quantityText } from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';
import type { Names } from './board.js';
import type { Pledge } from './budget-rows.js';
import { Organisation } from './frame.js';
import type { FundedLine } from './funding-table.js';

/** Who stands behind a line: one bar of all sources in the unit of the line, and its table with the same rows. */
export function SourceBar({ line, pledges, names }: { line: FundedLine; pledges: readonly Pledge[]; names: Names }) {
  const t = useT();
  const { locale } = useFacts();
  const { title, unit, target } = line;
  const rows = pledges.map((pledge, index) => ({ pledge, number: index + 1 }));
  let along = 0;
  const parts = rows.map(({ pledge, number }) => {
    const width = target <= 0 ? 0 : (pledge.counted / target) * 100;
    const part = { number, at: along, width };
    along += width;
    return part;
  });
  const text = rows
    .map(
      ({ pledge, number }) =>
        `${number}: ${names[pledge.organisationId] ?? pledge.organisationId} ${quantityText(t, locale, pledge.counted, unit)}`,
    )
    .join('; ');
  return (
    <section aria-labelledby={`rows-${line.id}`}>
      <h3 id={`rows-${line.id}`}>
        <bdi>{title}</bdi> <span className="mark">{t(`words:lineKind.${line.kind}`)}</span>
      </h3>
      {rows.length === 0 ? (
        <p>{t('projects:budget.noSource')}</p>
      ) : (
        <>
          <svg className="bar sources" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label={`${title}. ${text}`}>
            <rect className="bar-whole" x="0" y="0" width="100" height="8" />
            {parts.map(({ number, at, width }) => (
              <rect
                key={number}
                className={`source-${(number - 1) % 3}`}
                x={at}
                y="0"
                width={Math.max(0, width - 0.3)}
                height="8"
              />
            ))}
          </svg>
          <SourceTable line={line} rows={rows} names={names} />
        </>
      )}
    </section>
  );
}

interface TableProps {
  readonly line: FundedLine;
  readonly rows: readonly { readonly pledge: Pledge; readonly number: number }[];
  readonly names: Names;
}

function SourceTable({ line: { title, unit, target }, rows, names }: TableProps) {
  const t = useT();
  const href = useHref();
  const { locale } = useFacts();
  const quantity = (key: string, label: string, of: (pledge: Pledge) => number) => ({
    key,
    label,
    number: true,
    cell: ({ pledge }: TableProps['rows'][number]) => <Quantity value={of(pledge)} unit={key === 'counted' ? unit : pledge.unit} />,
  });
  return (
    <DataTable
      caption={t('projects:budget.sources', { title })}
      captionHidden
      rows={rows}
      rowKey={({ pledge }) => pledge.id}
      columns={[
        {
          key: 'source',
          label: t('projects:budget.source'),
          heads: true,
          cell: ({ pledge, number }) => (
            <>
              <bdi>{number}.</bdi> <Organisation id={pledge.organisationId} names={names} />
            </>
          ),
        },
        quantity('counted', t('projects:budget.counted'), ({ counted }) => counted),
        {
          key: 'part',
          label: t('projects:budget.part'),
          number: true,
          cell: ({ pledge }) => <bdi>{percentText(locale, pledge.counted, target)}</bdi>,
        },
        quantity('committed', t('needs:figure.confirmed'), ({ confirmed }) => confirmed),
        quantity('due', t('projects:budget.due'), ({ due }) => due),
        {
          key: 'delivered',
          label: t('needs:figure.delivered'),
          number: true,
          cell: ({ pledge: { kind, delivered, unit: own } }) =>
            kind === 'funding' && delivered > 0 ? (
              <a href={`#received-${own}`}>
                <Quantity value={delivered} unit={own} />
              </a>
            ) : (
              <Quantity value={delivered} unit={own} />
            ),
        },
        {
          key: 'more',
          label: t('projects:budget.pledge'),
          cell: ({ pledge: { id, status } }) => <a href={href(`/pledges/${id}`)}>{t(`words:pledge.${status}`)}</a>,
        },
      ]}
    />
  );
}
