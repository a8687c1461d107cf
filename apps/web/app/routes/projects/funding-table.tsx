import type { NeedFunding } from '@concord/contracts';
import type { z } from 'zod';
import { DataTable, Quantity, StackedBar } from '../../components/index.js';
import { useHref, useT } from '../../facts.js';

/** A line of a project with its figures, in the unit of the line. */
export type FundedLine = z.output<typeof NeedFunding>['lines'][number];

const FIGURES = ['target', 'pledged', 'confirmed', 'delivered', 'gap'] as const;

/** Each line with its bar, and the same figures as a table whose numbers lead to the rows behind them. */
export function FundingTable({ projectId, lines, here }: { projectId: string; lines: readonly FundedLine[]; here?: boolean }) {
  const t = useT();
  const href = useHref();
  const top = here ? '' : href(`/projects/${projectId}/budget`);
  return (
    <>
      <ul className="lines">
        {lines.map(({ id, title, kind, unit, target, pledged, confirmed, delivered, minimum }) => (
          <li key={id}>
            <h3>
              <bdi>{title}</bdi> <span className="mark">{t(`words:lineKind.${kind}`)}</span>
            </h3>
            <StackedBar
              label={title}
              total={target}
              unit={unit}
              minimum={minimum}
              parts={[
                { kind: 'pledged', label: t('needs:figure.pledged'), value: pledged },
                { kind: 'committed', label: t('needs:figure.confirmed'), value: confirmed },
                { kind: 'delivered', label: t('needs:figure.delivered'), value: delivered },
              ]}
            />
          </li>
        ))}
      </ul>
      <DataTable
        caption={t('needs:lines.caption')}
        rows={lines}
        rowKey={({ id }) => id}
        columns={[
          { key: 'title', label: t('needs:lines.line'), heads: true, cell: ({ title }) => <bdi>{title}</bdi> },
          ...FIGURES.map((figure) => ({
            key: figure,
            label: t(`needs:figure.${figure}`),
            number: true,
            cell: (line: FundedLine) => (
              <a href={`${top}#rows-${line.id}`}>
                <Quantity value={line[figure]} unit={line.unit} />
              </a>
            ),
          })),
        ]}
      />
    </>
  );
}
