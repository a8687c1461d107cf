import { useLoaderData, type LoaderFunctionArgs } from 'react-router';
import { DataTable, EmptyState, StateBadge, When } from '../../components/index.js';
import { useHref, useT } from '../../facts.js';
import { load } from '../../server/load.server.js';
import { boardOf, businessNow, parameter, type Board, type Names } from './board.js';
import { Organisation, ProjectFrame } from './frame.js';
import { Gantt } from './gantt.js';
import { MilestoneTable } from './milestone-table.js';
import { ProjectNext } from './project-next.js';
import { Progress } from './progress.js';
import { scheduleOf } from './schedule.js';

/** The plan of a project in time. */
export const loader = (args: LoaderFunctionArgs) =>
  load(args, async (visit) => {
    const [now, { board, names }] = await Promise.all([businessNow(visit), boardOf(visit, parameter(args, 'id'))]);
    return { board, names, today: now.slice(0, 10) };
  });

/** Milestones as a list, as a picture over months, and as the table of that picture. */
export default function Milestones() {
  const t = useT();
  const href = useHref();
  const { board, names, today } = useLoaderData<typeof loader>();
  const { project, milestones } = board;
  const rows = scheduleOf(project, milestones);
  return (
    <ProjectFrame project={project} title={t('projects:milestones.title')} lead={t('projects:milestones.lead')}>
      <div className="object">
        <div>
          <Progress progress={project.progress} />
          {milestones.length === 0 ? (
            <EmptyState title={t('projects:milestones.none')}>{t('projects:milestones.noneText')}</EmptyState>
          ) : (
            <>
              <MilestoneTable board={board} names={names} />
              <section aria-labelledby="timeline">
                <h2 id="timeline">{t('projects:gantt.title')}</h2>
                <Gantt rows={rows} today={today} />
                <Dates rows={rows} />
              </section>
            </>
          )}
          <Signers board={board} names={names} />
        </div>
        <aside>
          <ProjectNext board={board} names={names} />
          <p>
            <a href={href(`/projects/${project.id}/milestones.ics`)}>{t('projects:calendar')}</a>
          </p>
        </aside>
      </div>
    </ProjectFrame>
  );
}

function Dates({ rows }: { rows: ReturnType<typeof scheduleOf> }) {
  const t = useT();
  const day = (value: string | undefined) => (value === undefined ? '–' : <When at={value} />);
  return (
    <DataTable
      caption={t('projects:gantt.caption')}
      rows={rows}
      rowKey={({ milestone }) => milestone.id}
      columns={[
        { key: 'title', label: t('projects:column.milestone'), heads: true, cell: ({ milestone }) => <bdi>{milestone.title}</bdi> },
        {
          key: 'state',
          label: t('projects:column.state'),
          cell: ({ milestone }) => <StateBadge kind="milestone" state={milestone.status} />,
        },
        { key: 'from', label: t('projects:column.from'), cell: ({ from }) => day(from) },
        { key: 'due', label: t('projects:column.due'), cell: ({ milestone }) => day(milestone.dueOn) },
        { key: 'submitted', label: t('projects:column.submitted'), cell: ({ submittedOn }) => day(submittedOn) },
        { key: 'accepted', label: t('projects:column.accepted'), cell: ({ acceptedOn }) => day(acceptedOn) },
        { key: 'released', label: t('projects:column.released'), cell: ({ releasedOn }) => day(releasedOn) },
      ]}
    />
  );
}

/** Who signs what, by role. */
function Signers({ board, names }: { board: Board; names: Names }) {
  const t = useT();
  const rows = board.milestones.filter(({ signers }) => signers.length > 0);
  if (rows.length === 0) return null;
  return (
    <section aria-labelledby="signers">
      <h2 id="signers">{t('projects:signers.title')}</h2>
      <DataTable
        caption={t('projects:signers.caption')}
        captionHidden
        rows={rows}
        rowKey={({ id }) => id}
        columns={[
          { key: 'title', label: t('projects:column.milestone'), heads: true, cell: ({ title }) => <bdi>{title}</bdi> },
          {
            key: 'who',
            label: t('projects:signers.title'),
            cell: ({ signers }) => (
              <ul className="names">
                {signers.map(({ role, organisationId }) => (
                  <li key={`${role}-${organisationId}`}>
                    {t(`projects:role.${role}`)}: <Organisation id={organisationId} names={names} />
                  </li>
                ))}
              </ul>
            ),
          },
        ]}
      />
    </section>
  );
}
