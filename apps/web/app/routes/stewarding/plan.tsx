import { redirect, useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import { FieldGroup, PostForm } from '../../components/index.js';
import { useFacts, useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act, invalidForm } from '../../server/act.server.js';
import { loadSignedIn } from '../../server/load.server.js';
import { boardOf, parameter, type Project } from '../projects/board.js';
import { ProjectFrame } from '../projects/frame.js';
import { may } from './may.js';
import { organisationOptions } from './organisation-options.js';
import { Kept, PlanPart } from './plan-fields.js';
import { MILESTONES_MAX, planOf, typedPlan, valuesOf, type TypedPlan, type Values } from './plan-form.js';
import { PlanTable, type Planned } from './plan-table.js';
import { after, ReasonFields, reasonOf, StepPage } from './step-page.js';

/** What the form answers without sending anything: another milestone, or the plan to be checked. */
interface Shown {
  readonly view: 'edit' | 'check';
  readonly values: Values;
}

const FROZEN: readonly string[] = ['submitted', 'accepted', 'released'];

/** The project and those who can be named in its plan. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => {
    const { board, names } = await boardOf(visit, parameter(args, 'id'));
    const { project } = board;
    const involved = [project.leadId, project.stewardId, ...project.partnerIds, ...Object.keys(names)];
    return { project, names, options: await organisationOptions(visit, [...new Set(involved)]) };
  });

/** Adds a milestone to the page, shows the plan for a check, or proposes it. */
export function action(args: ActionFunctionArgs) {
  let plan: TypedPlan | undefined;
  return act(
    args,
    async (sent) => {
      const { visit, form, text, sending } = sent;
      const values = valuesOf(form);
      const intent = text('intent') ?? 'check';
      const show = (shown: Shown) => shown as unknown as FormState;
      if (intent === 'more') {
        const count = Math.min(MILESTONES_MAX, (Number(values['count']?.[0]) || 1) + 1);
        return show({ view: 'edit', values: { ...values, count: [String(count)] } });
      }
      if (intent === 'edit') return show({ view: 'edit', values });
      plan = planOf(values);
      if (plan.faults.length > 0)
        return invalidForm(
          sent,
          plan.faults.map(({ field, key, values: given }) => ({ field, text: visit.t(key, given) })),
        );
      if (intent === 'check') return show({ view: 'check', values });
      const id = parameter(args, 'id');
      const reason = text('reason.text') === undefined && text('reason.code') === undefined ? {} : { reason: reasonOf(sent) };
      await visit.api.post(`/projects/${id}/propose-plan`, { body: { milestones: plan.milestones, ...reason }, ...sending });
      return redirect(visit.href(after(`/projects/${id}`, 'projects.propose-plan')));
    },
    { fieldOf: (pointer) => plan?.fieldOf(pointer), fieldOfCode: { reason_required: 'reason.text' } },
  );
}

/** What the form starts with: the plan that waits, else the agreed one, else one milestone with the signers a plan usually has. */
function startOf(project: Project): Values {
  const { proposedPlan, milestones, stewardId, leadId, lines } = project;
  const known = (proposedPlan?.milestones ?? milestones.filter(({ status }) => status !== 'dropped')) as readonly Planned[];
  if (known.length > 0) return typedPlan(known);
  return {
    count: ['1'],
    'milestones.0.responsibleId': [leadId],
    'milestones.0.lineIds': lines.length === 1 ? lines.map(({ lineId }) => lineId) : [],
    'milestones.0.signers.0.role': ['steward'],
    'milestones.0.signers.0.organisationId': [stewardId],
    'milestones.0.signers.1.role': ['funder'],
    'milestones.0.signers.2.role': ['verifier'],
    'milestones.0.signers.3.role': ['community'],
  };
}

/** Proposes a plan: milestones on one page, then everything to be checked before it is sent. */
export default function PlanPage() {
  const { reader } = useFacts();
  const answered = useActionData() as FormState | Shown | undefined;
  const { project, names, options } = useLoaderData<typeof loader>();
  const shown = answered !== undefined && 'view' in answered ? answered : undefined;
  const state = shown ? undefined : (answered as FormState | undefined);
  const planning = ['pipeline', 'implementation'].includes(project.status);
  if (!planning || !may(reader?.acting, 'approver', [project.leadId])) {
    return (
      <StepPage
        project={project}
        step="projects.propose-plan"
        state={undefined}
        who={[project.leadId]}
        then={[project.leadId, project.stewardId]}
        names={names}
        allowed={false}
        notNow={planning ? undefined : { kind: 'project', state: project.status }}
      />
    );
  }
  const values = answered?.values ?? startOf(project);
  if (shown?.view === 'check')
    return (
      <Check project={project} values={values} names={Object.fromEntries(options.map(({ value, label }) => [value, label]))} />
    );
  return <Edit project={project} values={values} options={options} state={state} />;
}

interface EditProps {
  readonly project: Project;
  readonly values: Values;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly state: FormState | undefined;
}

function Edit({ project, values, options, state }: EditProps) {
  const t = useT();
  const filled: FormState = state ?? { values, faults: [], code: '', status: 200, text: '' };
  const count = Math.min(MILESTONES_MAX, Math.max(1, Number(values['count']?.[0]) || 1));
  const frozen = new Set(project.milestones.filter(({ status }) => FROZEN.includes(status)).map(({ milestoneId }) => milestoneId));
  return (
    <ProjectFrame
      project={project}
      title={t('stewarding:do.projects.propose-plan')}
      lead={t('stewarding:why.projects.propose-plan')}
      state={state}
      plain
    >
      <PostForm state={state}>
        <input type="hidden" name="count" value={count} />
        {Array.from({ length: count }, (_, n) => (
          <FieldGroup key={n} name={t('stewarding:plan.part', { number: n + 1 })}>
            <PlanPart
              n={n}
              project={project}
              options={options}
              filled={filled}
              frozen={frozen.has(values[`milestones.${n}.milestoneId`]?.[0] ?? '')}
            />
          </FieldGroup>
        ))}
        {project.status === 'implementation' ? <ReasonFields state={filled} /> : null}
        <p className="actions">
          <button type="submit" name="intent" value="check">
            {t('stewarding:plan.check')}
          </button>
          {count < MILESTONES_MAX ? (
            <button type="submit" className="quiet" name="intent" value="more">
              {t('stewarding:plan.more')}
            </button>
          ) : null}
        </p>
      </PostForm>
    </ProjectFrame>
  );
}

function Check({ project, values, names }: { project: Project; values: Values; names: Readonly<Record<string, string>> }) {
  const t = useT();
  const { milestones } = planOf(values);
  const reason = values['reason.text']?.[0];
  return (
    <CheckFrame project={project}>
      <PlanTable milestones={milestones} lines={project.lines} names={names} />
      {reason === undefined || reason === '' ? null : (
        <blockquote dir="auto">
          <p>{reason}</p>
        </blockquote>
      )}
      <p>{t('stewarding:plan.next')}</p>
      <PostForm>
        <Kept values={values} start="" />
        <p className="actions">
          <button type="submit" name="intent" value="send">
            {t('stewarding:do.projects.propose-plan')}
          </button>
          <button type="submit" className="quiet" name="intent" value="edit">
            {t('stewarding:plan.edit')}
          </button>
        </p>
      </PostForm>
    </CheckFrame>
  );
}

function CheckFrame({ project, children }: { project: Project; children: React.ReactNode }) {
  const t = useT();
  return (
    <ProjectFrame project={project} title={t('stewarding:plan.checkTitle')} lead={t('stewarding:plan.checkLead')} plain>
      {children}
    </ProjectFrame>
  );
}
