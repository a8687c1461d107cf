import { redirect, useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import { Choices } from '../../components/index.js';
import { useFacts, useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act } from '../../server/act.server.js';
import { loadSignedIn } from '../../server/load.server.js';
import { boardOf, namesFor, parameter } from '../projects/board.js';
import { may } from './may.js';
import { PlanTable } from './plan-table.js';
import { after, StepPage } from './step-page.js';

/** The plan that waits for signatures. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => {
    const { board } = await boardOf(visit, parameter(args, 'id'));
    const { project } = board;
    const awaited = board.next.find(({ step }) => step === 'sign-plan')?.who ?? [];
    const more = (project.proposedPlan?.milestones ?? []).map(({ responsibleId }) => responsibleId);
    return { project, awaited, names: await namesFor(visit, board, more) };
  });

/** Signs the version named by its hash. */
export const action = (args: ActionFunctionArgs) =>
  act(args, async ({ visit, text, sending }) => {
    const id = parameter(args, 'id');
    await visit.api.post(`/projects/${id}/sign-plan`, { body: { role: text('role'), hash: text('hash') }, ...sending });
    return redirect(visit.href(after(`/projects/${id}`, 'projects.sign-plan')));
  });

/** Reads and signs a plan. */
export default function SignPlan() {
  const t = useT();
  const { reader } = useFacts();
  const state = useActionData() as FormState | undefined;
  const { project, awaited, names } = useLoaderData<typeof loader>();
  const { proposedPlan: plan } = project;
  const acting = reader?.acting;
  const roles = awaited.filter(({ organisationId }) => organisationId === acting?.id).map(({ role }) => role);
  const others = awaited.filter(({ organisationId }) => organisationId !== acting?.id).map(({ organisationId }) => organisationId);
  const signed = plan?.signatures.map(({ organisationId }) => organisationId) ?? [];
  return (
    <StepPage
      project={project}
      step="projects.sign-plan"
      state={state}
      who={awaited.map(({ organisationId }) => organisationId)}
      then={others.length > 0 ? others : [project.stewardId]}
      names={names}
      allowed={
        plan !== undefined &&
        roles.length > 0 &&
        may(
          acting,
          'approver',
          awaited.map(({ organisationId }) => organisationId),
        )
      }
      notNow={plan === undefined ? { kind: 'project', state: project.status } : undefined}
      before={
        plan === undefined ? null : (
          <>
            {plan.reason === undefined ? null : (
              <blockquote dir="auto">
                <p>{plan.reason.text}</p>
              </blockquote>
            )}
            <PlanTable milestones={plan.milestones} lines={project.lines} names={names} />
            <p>{t('stewarding:plan.signed', { count: signed.length })}</p>
            <p className="hint">
              {t('projects:submission.hash')} <code dir="ltr">{plan.hash}</code>
            </p>
          </>
        )
      }
    >
      <input type="hidden" name="hash" value={plan?.hash ?? ''} />
      <Choices
        name="role"
        label={t('stewarding:field.role')}
        required
        state={state}
        options={roles.map((value) => ({ value, label: t(`projects:role.${value}`) }))}
        defaultValues={roles.slice(0, 1)}
      />
      <p className="hint">{t('stewarding:signHint')}</p>
    </StepPage>
  );
}
