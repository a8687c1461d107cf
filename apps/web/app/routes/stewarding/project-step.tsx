import { redirect, useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import { Choices, Field } from '../../components/index.js';
import { useFacts, useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { LOCALE_NAMES, LOCALES } from '../../locale.js';
import { act, type Sent } from '../../server/act.server.js';
import { absent, loadSignedIn } from '../../server/load.server.js';
import { boardOf, parameter, type Board, type Project } from '../projects/board.js';
import { Blocked } from '../projects/project-next.js';
import { organisationOptions } from './organisation-options.js';
import { after, ReasonFields, reasonOf, StepPage } from './step-page.js';
import { organisationsFor, PROJECT_STEPS, projectStepsFor } from './steps.js';
import { storedFile } from './stored-file.js';

/** The project and what the step needs. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => {
    const name = args.params['step'] ?? '';
    const step = PROJECT_STEPS[name];
    if (!step) throw absent(visit);
    const { board, names } = await boardOf(visit, parameter(args, 'id'));
    const { project } = board;
    const maintainer = project.stewardshipPlan?.maintainerId;
    const options =
      name === 'record-stewardship-plan'
        ? await organisationOptions(visit, [
            project.leadId,
            project.stewardId,
            ...project.partnerIds,
            ...(maintainer ? [maintainer] : []),
          ])
        : [];
    const blockedBy = blockersOf(name, board);
    return { project, names, name, who: organisationsFor(step, project), options, blockedBy };
  });

/** What has to be there before the step, as codes. */
function blockersOf(name: string, { project, startBlockedBy }: Board): readonly string[] {
  if (name === 'start') return startBlockedBy;
  if (name === 'close') return project.missingForClose;
  const open = project.milestones.some(({ status }) => !['accepted', 'released', 'dropped'].includes(status));
  return name === 'finish' && open ? ['accepted'] : [];
}

/** What the first approver of a two-person step fixed: the code of the reason, or the notice. */
const fixedBy = ({ pendingApproval }: Pick<Project, 'pendingApproval'>, step: string): string | undefined => {
  const [of, what] = (pendingApproval?.of ?? '').split(' ');
  return of === step ? (what ?? '') : undefined;
};

async function bodyOf(name: string, sent: Sent): Promise<unknown> {
  const { text, whole } = sent;
  switch (name) {
    case 'post-update':
      return { language: text('language'), text: text('text') };
    case 'record-stewardship-plan':
      return { maintainerId: text('maintainerId'), funding: text('funding'), handover: text('handover') };
    case 'rate':
      return { score: whole('score'), comment: text('comment') };
    case 'terminate':
      return { reason: reasonOf(sent), document: text('document') ?? (await storedFile(sent, 'file')) };
    default:
      return PROJECT_STEPS[name]?.reason ? { reason: reasonOf(sent) } : {};
  }
}

/** Takes the step. */
export const action = (args: ActionFunctionArgs) =>
  act(
    args,
    async (sent) => {
      const { visit, sending } = sent;
      const [id, name] = [parameter(args, 'id'), args.params['step'] ?? ''];
      if (!PROJECT_STEPS[name]) throw absent(visit);
      const { body } = await visit.api.post<Project>(`/projects/${id}/${name}`, { body: await bodyOf(name, sent), ...sending });
      return redirect(visit.href(after(`/projects/${id}`, `projects.${name}`, body.pendingApproval !== undefined)));
    },
    { fieldOf: (pointer) => (pointer === '/document' ? 'file' : undefined) },
  );

/** One step on a project. */
export default function ProjectStep() {
  const { reader } = useFacts();
  const state = useActionData() as FormState | undefined;
  const { project, names, name, who, options, blockedBy } = useLoaderData<typeof loader>();
  const step = PROJECT_STEPS[name];
  const inState = step?.from.includes(project.status) ?? false;
  const fixed = fixedBy(project, name);
  const next: Readonly<Record<string, readonly string[]>> = {
    start: [project.leadId],
    finish: [project.leadId, project.stewardId],
    suspend: [project.stewardId],
    resume: [project.leadId],
    reopen: [project.leadId],
    'record-stewardship-plan': [project.leadId, project.stewardId],
    rate: [project.leadId, project.stewardId],
  };
  const second = step?.two && fixed === undefined;
  return (
    <StepPage
      project={project}
      step={`projects.${name}`}
      state={state}
      who={who}
      then={second ? [project.stewardId] : (next[name] ?? [])}
      names={names}
      allowed={blockedBy.length === 0 && projectStepsFor(project, reader?.acting).includes(name)}
      notNow={inState && blockedBy.length === 0 ? undefined : { kind: 'project', state: project.status }}
      pending={fixed === undefined ? undefined : project.pendingApproval}
      files={name === 'terminate'}
      before={blockedBy.length === 0 ? null : <Blocked codes={blockedBy} />}
    >
      <StepFields name={name} project={project} state={state} fixed={fixed} options={options} />
    </StepPage>
  );
}

interface FieldsProps {
  readonly name: string;
  readonly project: Project;
  readonly state: FormState | undefined;
  readonly fixed: string | undefined;
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

function StepFields({ name, project, state, fixed, options }: FieldsProps) {
  const t = useT();
  const { locale } = useFacts();
  switch (name) {
    case 'post-update':
      return (
        <>
          <Field
            name="language"
            label={t('stewarding:field.language')}
            required
            state={state}
            defaultValue={locale}
            options={LOCALES.map((value) => ({ value, label: LOCALE_NAMES[value] }))}
          />
          <Field name="text" label={t('stewarding:field.update')} rows={6} prose required visibility="public" state={state} />
        </>
      );
    case 'record-stewardship-plan':
      return <PlanFields plan={project.stewardshipPlan} state={state} options={options} />;
    case 'rate':
      return (
        <>
          <Choices
            name="score"
            label={t('stewarding:field.score')}
            required
            visibility="public"
            state={state}
            options={['1', '2', '3', '4', '5'].map((value) => ({ value, label: t(`stewarding:score.${value}`) }))}
          />
          <Field name="comment" label={t('stewarding:field.comment')} rows={4} required visibility="public" state={state} />
        </>
      );
    case 'terminate':
      return (
        <>
          {fixed === undefined ? (
            <Field name="file" type="file" label={t('stewarding:field.notice')} required visibility="public" state={state} />
          ) : (
            <p>
              <input type="hidden" name="document" value={fixed} />
              <a href={`/api/v1/files/${fixed}`}>{t('stewarding:field.notice')}</a>
            </p>
          )}
          <ReasonFields state={state} />
        </>
      );
    default:
      return PROJECT_STEPS[name]?.reason ? <ReasonFields state={state} fixed={fixed} /> : null;
  }
}

interface PlanProps extends Pick<FieldsProps, 'state' | 'options'> {
  readonly plan: Project['stewardshipPlan'];
}

function PlanFields({ plan, state, options }: PlanProps) {
  const t = useT();
  const words = { rows: 4, prose: true, required: true, visibility: 'public', state } as const;
  return (
    <>
      <Field
        name="maintainerId"
        label={t('projects:closing.maintainer')}
        required
        visibility="public"
        state={state}
        options={options}
        defaultValue={plan?.maintainerId ?? ''}
      />
      <Field name="funding" label={t('projects:closing.funding')} {...words} defaultValue={plan?.funding ?? ''} />
      <Field name="handover" label={t('projects:closing.handover')} {...words} defaultValue={plan?.handover ?? ''} />
    </>
  );
}
