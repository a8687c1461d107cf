import { useLoaderData, type LoaderFunctionArgs } from 'react-router';
import { NextStep, Prose, StateBadge, When } from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';
import { absent, load } from '../../server/load.server.js';
import { historyOf, SHOWN } from '../projects/activity-rows.js';
import { boardOf, namesFor, parameter } from '../projects/board.js';
import { Organisations, ProjectFrame } from '../projects/frame.js';
import { History } from '../projects/history.js';
import { reportStepsFor, stepPath } from './steps.js';

/** A progress report and what became of it. */
export const loader = (args: LoaderFunctionArgs) =>
  load(args, async (visit) => {
    const { board } = await boardOf(visit, parameter(args, 'id'));
    const report = board.reports.find(({ id }) => id === args.params['rid']);
    if (!report) throw absent(visit);
    const history = (await historyOf(visit, 'reports', report.id)).filter(({ kind }) => SHOWN[kind] !== undefined);
    const names = await namesFor(
      visit,
      board,
      history.flatMap(({ organisation }) => organisation ?? []),
    );
    const { id, title } = board.project;
    return { project: { id, title }, report, history, names };
  });

/** One report: what was said, by when, and who must act. */
export default function ReportOfProject() {
  const t = useT();
  const href = useHref();
  const { reader } = useFacts();
  const { project, report, history, names } = useLoaderData<typeof loader>();
  const { id, kind, status, submission, sentBack, rating, dueOn } = report;
  const steps = reportStepsFor(report, reader?.acting);
  const step = status === 'submitted' ? 'accept' : 'submit';
  const path = (name: string) => stepPath(project.id, { resource: 'reports', id, step: name });
  return (
    <ProjectFrame project={project} title={t(`projects:reportKind.${kind}`)} over={<StateBadge kind="report" state={status} />}>
      <div className="object">
        <div>
          {sentBack === undefined ? null : (
            <section className={`notice ${status === 'sent_back' ? 'warning' : ''}`}>
              <p className="notice-title">{t('projects:event.ReportSentBack')}</p>
              <p dir="auto">{sentBack.reason.text}</p>
            </section>
          )}
          {rating === undefined ? null : (
            <p>
              {t('stewarding:field.rating')}: <b>{t(`stewarding:rating.${rating}`)}</b>
            </p>
          )}
          {submission === undefined ? (
            <p>{t('stewarding:report.none')}</p>
          ) : (
            <>
              <h2>{t('projects:submission.title', { version: submission.version })}</h2>
              <p className="meta">
                <When at={submission.at} time />
              </p>
              <Prose>{submission.narrative}</Prose>
              {submission.lessons === undefined ? null : (
                <>
                  <h2>{t('stewarding:field.lessons')}</h2>
                  <Prose>{submission.lessons}</Prose>
                </>
              )}
            </>
          )}
          <History entries={history} names={names} proof={`/projects/${project.id}/integrity?of=reports.${id}`} />
        </div>
        <aside>
          {status === 'accepted' ? (
            <NextStep action={t('stewarding:report.accepted')} who={t('projects:nobody')} />
          ) : (
            <NextStep
              action={t(`stewarding:do.reports.${step}`)}
              who={<Organisations ids={[step === 'accept' ? report.stewardId : report.leadId]} names={names} />}
              by={dueOn}
              {...(steps.includes(step) ? { to: path(step), button: t(`stewarding:do.reports.${step}`) } : {})}
            />
          )}
          {steps.includes('send-back') ? (
            <p>
              <a href={href(path('send-back'))}>{t('stewarding:do.reports.send-back')}</a>
            </p>
          ) : null}
        </aside>
      </div>
    </ProjectFrame>
  );
}
