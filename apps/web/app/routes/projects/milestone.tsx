import { useLoaderData, type LoaderFunctionArgs } from 'react-router';
import { NextStep, numberText, Prose, StateBadge, When } from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';
import { absent, load } from '../../server/load.server.js';
import { milestoneStepsFor, stepPath } from '../stewarding/steps.js';
import { historyOf, SHOWN } from './activity-rows.js';
import { boardOf, namesFor, parameter, type Milestone } from './board.js';
import { Organisation, Organisations, ProjectFrame } from './frame.js';
import { History } from './history.js';
import { Criteria, EvidenceList, SignOffs } from './milestone-proof.js';
import { Lateness } from './milestone-table.js';

/** A milestone of a project, its proof and its signatures. */
export const loader = (args: LoaderFunctionArgs) =>
  load(args, async (visit) => {
    const { board } = await boardOf(visit, parameter(args, 'id'));
    const milestone = board.milestones.find(({ id }) => id === args.params['mid']);
    if (!milestone) throw absent(visit);
    const history = (await historyOf(visit, 'milestones', milestone.id)).filter(({ kind }) => SHOWN[kind] !== undefined);
    const names = await namesFor(
      visit,
      board,
      history.flatMap(({ organisation }) => organisation ?? []),
    );
    const next = board.next.find(({ id }) => id === milestone.id);
    const { id, title, status, partnerIds, lines } = board.project;
    return { project: { id, title, status, partnerIds, lines }, milestone, history, names, next };
  });

/** One milestone: its test, its proof, who signed, and who must act. */
export default function MilestonePage() {
  const t = useT();
  const { project, milestone, history, names, next } = useLoaderData<typeof loader>();
  const { id, status, title } = milestone;
  return (
    <ProjectFrame
      project={project}
      title={title}
      heading={<bdi>{title}</bdi>}
      over={
        <>
          {t('projects:milestone')} · <StateBadge kind="milestone" state={status} /> <Lateness milestone={milestone} />
        </>
      }
      crumbs={[{ to: `/projects/${project.id}/milestones`, label: t('projects:milestones.title') }]}
    >
      <div className="object">
        <div>
          <Notes milestone={milestone} />
          <Criteria milestone={milestone} />
          <EvidenceList milestone={milestone} />
          <Submitted milestone={milestone} />
          <SignOffs milestone={milestone} names={names} />
          <History entries={history} names={names} proof={`/projects/${project.id}/integrity?of=milestones.${id}`} />
        </div>
        <aside>
          <Steps project={project} milestone={milestone} names={names} next={next} />
          <Facts project={project} milestone={milestone} names={names} />
        </aside>
      </div>
    </ProjectFrame>
  );
}

/** Why it came back, or left the plan. */
function Notes({ milestone: { returned, droppedFor, status } }: { milestone: Milestone }) {
  const t = useT();
  return (
    <>
      {returned === undefined ? null : (
        <section className={`notice ${status === 'returned' ? 'warning' : ''}`} aria-labelledby="returned">
          <p className="notice-title" id="returned">
            {t('projects:returned', { version: returned.version, role: t(`projects:role.${returned.role}`) })}
          </p>
          <p dir="auto">{returned.reason.text}</p>
          <p className="meta">
            <When at={returned.at} />
          </p>
        </section>
      )}
      {droppedFor === undefined ? null : (
        <section className="notice">
          <p className="notice-title">{t('projects:event.MilestoneDropped')}</p>
          <p dir="auto">{droppedFor.text}</p>
        </section>
      )}
    </>
  );
}

function Submitted({ milestone: { submission } }: { milestone: Milestone }) {
  const t = useT();
  if (submission === undefined) return null;
  return (
    <section aria-labelledby="submission">
      <h2 id="submission">{t('projects:submission.title', { version: submission.version })}</h2>
      <p className="meta">
        <When at={submission.at} time />
      </p>
      <Prose>{submission.narrative}</Prose>
      <p className="hint">
        {t('projects:submission.hash')} <code dir="ltr">{submission.hash}</code>
      </p>
    </section>
  );
}

type Loaded = Awaited<ReturnType<typeof loader>>;

/** What happens next, who must act, and what this reader can do. */
function Steps({ project, milestone, names, next }: Pick<Loaded, 'project' | 'milestone' | 'names' | 'next'>) {
  const t = useT();
  const href = useHref();
  const { reader } = useFacts();
  const { id, status, pendingApproval } = milestone;
  const steps = milestoneStepsFor(milestone, project, reader?.acting);
  const path = (step: string) => stepPath(project.id, { resource: 'milestones', id, step });
  const ended = status === 'released' || status === 'dropped' ? status : 'waits';
  return (
    <>
      {next === undefined ? (
        <NextStep action={t(`projects:milestoneEnd.${ended}`)} who={t('projects:nobody')} />
      ) : (
        <NextStep
          action={t(`stewarding:do.milestones.${next.step}`)}
          who={<Organisations ids={next.who.map(({ organisationId }) => organisationId)} names={names} />}
          by={next.dueOn}
          {...(steps.includes(next.step) ? { to: path(next.step), button: t(`stewarding:do.milestones.${next.step}`) } : {})}
        />
      )}
      {pendingApproval === undefined ? null : <p className="notice warning">{t('projects:secondApprover')}</p>}
      {steps.length === 0 ? null : (
        <section aria-labelledby="own-steps">
          <h2 id="own-steps">{t('projects:own')}</h2>
          <ul>
            {steps.map((step) => (
              <li key={step}>
                <a href={href(path(step))}>{t(`stewarding:do.milestones.${step}`)}</a>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function Facts({ project, milestone, names }: Pick<Loaded, 'project' | 'milestone' | 'names'>) {
  const t = useT();
  const href = useHref();
  const { locale } = useFacts();
  const lines = project.lines.filter(({ lineId }) => milestone.lineIds.includes(lineId));
  const rows: readonly (readonly [string, React.ReactNode])[] = [
    [t('projects:column.due'), <When at={milestone.dueOn} />],
    [t('projects:column.weight'), <bdi>{numberText(locale, milestone.share / 100, { style: 'percent' })}</bdi>],
    [t('projects:column.responsible'), <Organisation id={milestone.responsibleId} names={names} />],
    [
      t('projects:serves'),
      <ul className="names">
        {lines.map(({ lineId, title }) => (
          <li key={lineId}>
            <a href={href(`/projects/${project.id}/budget#rows-${lineId}`)}>
              <bdi>{title}</bdi>
            </a>
          </li>
        ))}
      </ul>,
    ],
  ];
  return (
    <dl className="facts">
      {rows.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
