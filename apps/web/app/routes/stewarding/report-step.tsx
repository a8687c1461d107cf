import { redirect, useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import { Choices, Field, Prose } from '../../components/index.js';
import { useFacts, useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act, type Sent } from '../../server/act.server.js';
import { absent, loadSignedIn } from '../../server/load.server.js';
import { boardOf, parameter } from '../projects/board.js';
import { after, ReasonFields, reasonOf, StepPage } from './step-page.js';
import { organisationsFor, REPORT_STEPS, reportStepsFor } from './steps.js';

const RATINGS = ['met', 'on_track', 'constrained', 'no_progress', 'no_status'] as const;

/** The report and its project. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => {
    const name = args.params['step'] ?? '';
    const step = REPORT_STEPS[name];
    const { board, names } = await boardOf(visit, parameter(args, 'id'));
    const report = board.reports.find(({ id }) => id === args.params['rid']);
    if (!step || !report) throw absent(visit);
    const { id, title } = board.project;
    return { project: { id, title }, report, names, name, who: organisationsFor(step, report) };
  });

function bodyOf(name: string, sent: Sent): unknown {
  const { text } = sent;
  if (name === 'submit') return { narrative: text('narrative'), lessons: text('lessons') };
  if (name === 'accept') return { hash: text('hash'), rating: text('rating') };
  return { reason: reasonOf(sent) };
}

/** Takes the step. */
export const action = (args: ActionFunctionArgs) =>
  act(args, async (sent) => {
    const { visit, sending } = sent;
    const [id, rid, name] = [parameter(args, 'id'), parameter(args, 'rid'), args.params['step'] ?? ''];
    if (!REPORT_STEPS[name]) throw absent(visit);
    await visit.api.post(`/reports/${rid}/${name}`, { body: bodyOf(name, sent), ...sending });
    return redirect(visit.href(after(`/projects/${id}/reports/${rid}`, `reports.${name}`)));
  });

/** One step on a report. */
export default function ReportStep() {
  const t = useT();
  const { reader } = useFacts();
  const state = useActionData() as FormState | undefined;
  const { project, report, names, name, who } = useLoaderData<typeof loader>();
  const { submission, status } = report;
  const inState = REPORT_STEPS[name]?.from.includes(status) ?? false;
  const then: Readonly<Record<string, readonly string[]>> = { submit: [report.stewardId], 'send-back': [report.leadId] };
  return (
    <StepPage
      project={project}
      step={`reports.${name}`}
      state={state}
      who={who}
      then={then[name] ?? []}
      names={names}
      by={report.dueOn}
      allowed={reportStepsFor(report, reader?.acting).includes(name)}
      notNow={inState ? undefined : { kind: 'report', state: status }}
      crumbs={[{ to: `/projects/${project.id}/reports/${report.id}`, label: t(`projects:reportKind.${report.kind}`) }]}
      before={
        submission === undefined || name === 'submit' ? null : (
          <>
            <Prose>{submission.narrative}</Prose>
            <Prose>{submission.lessons}</Prose>
            <p className="hint">
              {t('projects:submission.hash')} <code dir="ltr">{submission.hash}</code>
            </p>
          </>
        )
      }
    >
      {name === 'submit' ? (
        <>
          <Field
            name="narrative"
            label={t('stewarding:field.progress')}
            rows={8}
            prose
            required
            visibility="public"
            state={state}
            defaultValue={submission?.narrative ?? ''}
          />
          <Field
            name="lessons"
            label={t('stewarding:field.lessons')}
            rows={4}
            prose
            visibility="public"
            state={state}
            defaultValue={submission?.lessons ?? ''}
          />
        </>
      ) : null}
      {name === 'accept' ? (
        <>
          <input type="hidden" name="hash" value={submission?.hash ?? ''} />
          <Choices
            name="rating"
            label={t('stewarding:field.rating')}
            required
            visibility="public"
            state={state}
            options={RATINGS.map((value) => ({ value, label: t(`stewarding:rating.${value}`) }))}
          />
        </>
      ) : null}
      {name === 'send-back' ? <ReasonFields state={state} /> : null}
    </StepPage>
  );
}
