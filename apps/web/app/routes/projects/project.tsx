import type { NeedFunding } from '@concord/contracts';
import { useLoaderData, type LoaderFunctionArgs } from 'react-router';
import type { z } from 'zod';
import { Content, countryName, DataTable, Prose, SdgList, StateBadge, When } from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';
import { load } from '../../server/load.server.js';
import { Share } from '../embeds/share.js';
import { projectStepsFor, stepPath } from '../stewarding/steps.js';
import { boardOf, parameter, type Board, type Names, type Project } from './board.js';
import { Organisation, Organisations, ProjectFrame } from './frame.js';
import { FundingTable } from './funding-table.js';
import { MilestoneTable } from './milestone-table.js';
import { ProjectNext } from './project-next.js';
import { Progress } from './progress.js';

/** A project with its plan, what stands behind it, and who must act. */
export const loader = (args: LoaderFunctionArgs) =>
  load(args, async (visit) => {
    const id = parameter(args, 'id');
    const { board, names } = await boardOf(visit, id);
    const { body: funding } = await visit.api.get<z.output<typeof NeedFunding>>(`/needs/${board.project.needId}/funding`);
    return { board, names, lines: funding.lines, origin: visit.url.origin };
  });

/** One project. */
export default function ProjectPage() {
  const t = useT();
  const { reader } = useFacts();
  const { board, names, lines, origin } = useLoaderData<typeof loader>();
  const { project } = board;
  const { id, status, health, leadId, endReason, firstEndReason, lastUpdate, milestones } = project;
  const over = (
    <>
      {t('projects:one')} · <StateBadge kind="project" state={status} />
      {health === undefined ? null : (
        <>
          {' '}
          <StateBadge kind="health" state={health} />
        </>
      )}
    </>
  );
  return (
    <ProjectFrame project={project} over={over} lead={<Organisation id={leadId} names={names} />}>
      <div className="object">
        <div>
          {endReason === undefined ? null : (
            <section className="notice">
              <p className="notice-title">{t('projects:ended')}</p>
              {firstEndReason === undefined || firstEndReason.text === endReason.text ? null : (
                <p dir="auto">{firstEndReason.text}</p>
              )}
              <p dir="auto">{endReason.text}</p>
            </section>
          )}
          <section aria-labelledby="progress">
            <h2 id="progress">{t('projects:progressTitle')}</h2>
            <Progress progress={project.progress} />
            {milestones.length === 0 ? <p>{t('projects:milestones.none')}</p> : <MilestoneTable board={board} names={names} />}
          </section>
          <section aria-labelledby="funding">
            <h2 id="funding">{t('projects:funding.title')}</h2>
            <FundingTable projectId={id} lines={lines} />
          </section>
          {lastUpdate === undefined ? null : (
            <section aria-labelledby="update">
              <h2 id="update">{t('projects:update')}</h2>
              <p className="meta">
                <When at={lastUpdate.at} />
              </p>
              <Content lang={lastUpdate.language} block>
                {lastUpdate.text}
              </Content>
            </section>
          )}
          <Reports board={board} />
          <Closing project={project} names={names} />
          <Share kind="project" id={id} title={project.title} origin={origin} />
        </div>
        <aside>
          <ProjectNext board={board} names={names} />
          <OwnSteps project={project} steps={projectStepsFor(project, reader?.acting)} />
          <Facts board={board} names={names} />
        </aside>
      </div>
    </ProjectFrame>
  );
}

function OwnSteps({ project, steps }: { project: Project; steps: readonly string[] }) {
  const t = useT();
  const href = useHref();
  const { reader } = useFacts();
  const mine = [project.leadId, project.stewardId, ...project.partnerIds].includes(reader?.acting?.id ?? '');
  if (steps.length === 0 && !reader?.acting) return null;
  return (
    <section aria-labelledby="own-steps">
      <h2 id="own-steps">{t('projects:own')}</h2>
      <ul>
        {steps.map((step) => (
          <li key={step}>
            <a href={href(stepPath(project.id, { resource: 'projects', id: project.id, step }))}>
              {t(`stewarding:do.projects.${step}`)}
            </a>
          </li>
        ))}
        {reader?.acting ? (
          <li>
            <a href={href(`/projects/${project.id}/deliveries`)}>{t('stewarding:deliveries.title')}</a>
          </li>
        ) : null}
        {mine && steps.length === 0 ? <li>{t('projects:ownNone')}</li> : null}
      </ul>
    </section>
  );
}

function Facts({ board: { project }, names }: { board: Board; names: Names }) {
  const t = useT();
  const href = useHref();
  const { locale } = useFacts();
  const { id, needId, stewardId, leadId, partnerIds, country, sdgTargets, openedAt, startedAt, endedAt, reportingLight } = project;
  const rows: readonly (readonly [string, React.ReactNode])[] = [
    ['lead', <Organisation id={leadId} names={names} />],
    ['steward', <Organisation id={stewardId} names={names} />],
    ['partners', partnerIds.length === 0 ? null : <Organisations ids={partnerIds} names={names} />],
    ['need', <a href={href(`/needs/${needId}`)}>{t('projects:fact.toNeed')}</a>],
    ['sdg', <SdgList targets={sdgTargets} />],
    ['place', countryName(locale, country)],
    ['opened', <When at={openedAt} />],
    ['started', startedAt === undefined ? null : <When at={startedAt} />],
    ['ended', endedAt === undefined ? null : <When at={endedAt} />],
    ['reporting', reportingLight === undefined ? null : t(`projects:light.${reportingLight}`)],
  ];
  return (
    <section aria-labelledby="facts-title">
      <h2 id="facts-title">{t('projects:facts')}</h2>
      <dl className="facts">
        {rows.map(([key, value]) =>
          value === null ? null : (
            <div key={key}>
              <dt>{t(`projects:fact.${key}`)}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
      <ul>
        <li>
          <a href={href(`/projects/${id}/report`)}>{t('projects:print.link')}</a>
        </li>
        <li>
          <a href={href(`/projects/${id}/milestones.ics`)}>{t('projects:calendar')}</a>
        </li>
        <li>
          <a href={`/api/v1/projects/${id}/board`}>{t('projects:json')}</a>
        </li>
      </ul>
    </section>
  );
}

function Reports({ board: { project, reports } }: { board: Board }) {
  const t = useT();
  const href = useHref();
  if (reports.length === 0) return null;
  return (
    <section aria-labelledby="reports">
      <h2 id="reports">{t('projects:reports')}</h2>
      <DataTable
        caption={t('projects:reportsCaption')}
        captionHidden
        rows={reports}
        rowKey={({ id }) => id}
        columns={[
          {
            key: 'kind',
            label: t('projects:column.report'),
            heads: true,
            cell: ({ id, kind }) => <a href={href(`/projects/${project.id}/reports/${id}`)}>{t(`projects:reportKind.${kind}`)}</a>,
          },
          { key: 'state', label: t('projects:column.state'), cell: ({ status }) => <StateBadge kind="report" state={status} /> },
          { key: 'due', label: t('projects:column.due'), cell: ({ dueOn }) => <When at={dueOn} /> },
        ]}
      />
    </section>
  );
}

function Closing({ project, names }: { project: Project; names: Names }) {
  const t = useT();
  const { stewardshipPlan, ratings, missingForClose, status } = project;
  const ending = status === 'finalisation' || status === 'closed';
  if (!stewardshipPlan && !ending) return null;
  return (
    <section aria-labelledby="closing">
      <h2 id="closing">{t('projects:closing.title')}</h2>
      {missingForClose.length === 0 || !ending ? null : (
        <>
          <p>{t('projects:blocked')}</p>
          <ul>
            {missingForClose.map((code) => (
              <li key={code}>{t(`projects:missing.${code}`)}</li>
            ))}
          </ul>
        </>
      )}
      {stewardshipPlan === undefined ? null : (
        <dl className="facts">
          <div>
            <dt>{t('projects:closing.maintainer')}</dt>
            <dd>
              <Organisation id={stewardshipPlan.maintainerId} names={names} />
            </dd>
          </div>
          <div>
            <dt>{t('projects:closing.funding')}</dt>
            <dd>
              <Prose>{stewardshipPlan.funding}</Prose>
            </dd>
          </div>
          <div>
            <dt>{t('projects:closing.handover')}</dt>
            <dd>
              <Prose>{stewardshipPlan.handover}</Prose>
            </dd>
          </div>
        </dl>
      )}
      {ratings.map(({ side, score, comment }) => (
        <p key={side}>
          {t('projects:closing.rating', { side: t(`projects:fact.${side}`), score })} <q dir="auto">{comment}</q>
        </p>
      ))}
    </section>
  );
}
