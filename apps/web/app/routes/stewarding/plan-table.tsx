import type { PlannedMilestone } from '@concord/contracts';
import { DataTable, numberText, When } from '../../components/index.js';
import { useFacts, useT } from '../../facts.js';
import type { Names } from '../projects/board.js';

/** A milestone as a plan holds it; one that is only typed has no id yet. */
export type Planned = Omit<PlannedMilestone, 'milestoneId'> & { readonly milestoneId?: string | undefined };

interface TableProps {
  readonly milestones: readonly Planned[];
  readonly lines: readonly { readonly lineId: string; readonly title: string }[];
  readonly names: Names;
}

/** A plan as it is signed: everything its hash covers. */
export function PlanTable({ milestones, lines, names }: TableProps) {
  const t = useT();
  const { locale } = useFacts();
  const list = new Intl.ListFormat(locale, { type: 'unit' });
  const title = (lineId: string) => lines.find((line) => line.lineId === lineId)?.title ?? lineId;
  return (
    <DataTable
      caption={t('stewarding:plan.caption')}
      rows={milestones.map((milestone, index) => ({ ...milestone, key: String(index) }))}
      rowKey={({ key }) => key}
      columns={[
        { key: 'title', label: t('projects:column.milestone'), heads: true, cell: (one) => <bdi>{one.title}</bdi> },
        {
          key: 'share',
          label: t('projects:column.weight'),
          number: true,
          cell: ({ share }) => <bdi>{numberText(locale, share / 100, { style: 'percent' })}</bdi>,
        },
        { key: 'due', label: t('projects:column.due'), cell: ({ dueOn }) => <When at={dueOn} /> },
        {
          key: 'criteria',
          label: t('projects:criteria.title'),
          cell: ({ criteria }) => (
            <ul className="names">
              {criteria.map(({ criterion, quantity, unit }) => (
                <li key={criterion}>
                  <span dir="auto">
                    {criterion}: {quantity} {unit}
                  </span>
                </li>
              ))}
            </ul>
          ),
        },
        { key: 'lines', label: t('projects:serves'), cell: ({ lineIds }) => <bdi>{list.format(lineIds.map(title))}</bdi> },
        {
          key: 'responsible',
          label: t('projects:column.responsible'),
          cell: ({ responsibleId }) => <bdi>{names[responsibleId] ?? responsibleId}</bdi>,
        },
        {
          key: 'signers',
          label: t('projects:signers.title'),
          cell: ({ signers }) => (
            <ul className="names">
              {signers.map(({ role, organisationId }) => (
                <li key={`${role}-${organisationId}`}>
                  {t(`projects:role.${role}`)}: <bdi>{names[organisationId] ?? organisationId}</bdi>
                </li>
              ))}
            </ul>
          ),
        },
      ]}
    />
  );
}
