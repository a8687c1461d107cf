import { DataTable, numberText, StateBadge, When } from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';
import type { Board, Milestone, Names } from './board.js';
import { Organisation } from './frame.js';

/** Milestones of a project: state, date, weight, evidence and signatures so far. */
export function MilestoneTable({ board: { project, milestones }, names }: { board: Board; names: Names }) {
  const t = useT();
  const href = useHref();
  const { locale } = useFacts();
  return (
    <DataTable
      caption={t('projects:milestones.caption')}
      rows={milestones}
      rowKey={({ id }) => id}
      columns={[
        {
          key: 'title',
          label: t('projects:column.milestone'),
          heads: true,
          cell: ({ id, title }) => (
            <a href={href(`/projects/${project.id}/milestones/${id}`)}>
              <bdi>{title}</bdi>
            </a>
          ),
        },
        {
          key: 'state',
          label: t('projects:column.state'),
          cell: (one) => (
            <>
              <StateBadge kind="milestone" state={one.status} /> <Lateness milestone={one} />
            </>
          ),
        },
        { key: 'due', label: t('projects:column.due'), cell: ({ dueOn }) => <When at={dueOn} /> },
        {
          key: 'share',
          label: t('projects:column.weight'),
          number: true,
          cell: ({ share }) => <bdi>{numberText(locale, share / 100, { style: 'percent' })}</bdi>,
        },
        {
          key: 'evidence',
          label: t('projects:column.evidence'),
          number: true,
          cell: ({ evidence }) => numberText(locale, evidence.length),
        },
        {
          key: 'signatures',
          label: t('projects:column.signatures'),
          number: true,
          cell: ({ signatures, signers }) => (
            <bdi>
              {numberText(locale, signatures.length)} / {numberText(locale, signers.length)}
            </bdi>
          ),
        },
        {
          key: 'responsible',
          label: t('projects:column.responsible'),
          cell: ({ responsibleId }) => <Organisation id={responsibleId} names={names} />,
        },
      ]}
    />
  );
}

/** How late a milestone is, where it is. */
export function Lateness({ milestone: { health, overdue } }: { milestone: Pick<Milestone, 'health' | 'overdue'> }) {
  const t = useT();
  if (overdue) return <span className="badge ended">{t('projects:overdue')}</span>;
  return health === undefined || health === 'green' ? null : <StateBadge kind="health" state={health} />;
}
