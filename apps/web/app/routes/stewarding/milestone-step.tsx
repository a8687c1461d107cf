import { redirect, useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import { Choices, Field, When } from '../../components/index.js';
import { useFacts, useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act, type Sent } from '../../server/act.server.js';
import { absent, loadSignedIn } from '../../server/load.server.js';
import { boardOf, parameter, type Milestone } from '../projects/board.js';
import { Blocked } from '../projects/project-next.js';
import { may } from './may.js';
import { after, ReasonFields, reasonOf, StepPage } from './step-page.js';
import { MILESTONE_STEPS, milestoneStepsFor, organisationsFor } from './steps.js';

/** The milestone and its project. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => {
    const name = args.params['step'] ?? '';
    const step = MILESTONE_STEPS[name];
    const { board, names } = await boardOf(visit, parameter(args, 'id'));
    const milestone = board.milestones.find(({ id }) => id === args.params['mid']);
    if (!step || !milestone || name === 'add-evidence') throw absent(visit);
    const { id, title, status, partnerIds } = board.project;
    return { project: { id, title, status, partnerIds }, milestone, names, name, who: organisationsFor(step, milestone) };
  });

function bodyOf(name: string, sent: Sent): unknown {
  const { text } = sent;
  if (name === 'submit') return { narrative: text('narrative') };
  if (name === 'sign') return { role: text('role'), hash: text('hash') };
  return MILESTONE_STEPS[name]?.reason ? { reason: reasonOf(sent) } : {};
}

/** Takes the step. */
export const action = (args: ActionFunctionArgs) =>
  act(args, async (sent) => {
    const { visit, sending } = sent;
    const [id, mid, name] = [parameter(args, 'id'), parameter(args, 'mid'), args.params['step'] ?? ''];
    if (!MILESTONE_STEPS[name]) throw absent(visit);
    const { body } = await visit.api.post<Milestone>(`/milestones/${mid}/${name}`, { body: bodyOf(name, sent), ...sending });
    return redirect(
      visit.href(after(`/projects/${id}/milestones/${mid}`, `milestones.${name}`, body.pendingApproval !== undefined)),
    );
  });

/** Who must act when a step was taken. */
function thenOf(name: string, milestone: Milestone, acting: string | undefined): readonly string[] {
  const { leadId, stewardId, signers, awaiting, pendingApproval } = milestone;
  switch (name) {
    case 'submit':
      return signers.map(({ organisationId }) => organisationId);
    case 'sign': {
      const others = awaiting.filter(({ organisationId }) => organisationId !== acting).map(({ organisationId }) => organisationId);
      return others.length > 0 ? others : [stewardId];
    }
    case 'release':
      return pendingApproval === undefined ? [stewardId] : [];
    default:
      return [leadId];
  }
}

/** One step on a milestone. */
export default function MilestoneStep() {
  const t = useT();
  const { reader } = useFacts();
  const state = useActionData() as FormState | undefined;
  const { project, milestone, names, name, who } = useLoaderData<typeof loader>();
  const acting = reader?.acting;
  const step = MILESTONE_STEPS[name];
  const inState = step?.from.includes(milestone.status) ?? false;
  const roles = milestone.awaiting.filter(({ organisationId }) => organisationId === acting?.id).map(({ role }) => role);
  const { submission, pendingApproval } = milestone;
  const allowed = milestoneStepsFor(milestone, project, acting).includes(name);
  const unproven = name === 'submit' && inState && milestone.evidence.length === 0;
  return (
    <StepPage
      project={project}
      step={`milestones.${name}`}
      state={state}
      who={name === 'sign' && inState ? milestone.awaiting.map(({ organisationId }) => organisationId) : who}
      then={thenOf(name, milestone, acting?.id)}
      names={names}
      by={milestone.dueOn}
      allowed={allowed}
      notNow={
        !inState || unproven
          ? { kind: 'milestone', state: milestone.status }
          : !allowed && may(acting, step?.role ?? 'approver', who)
            ? { kind: 'project', state: project.status }
            : undefined
      }
      pending={name === 'release' ? pendingApproval : undefined}
      crumbs={[
        { to: `/projects/${project.id}/milestones`, label: t('projects:milestones.title') },
        { to: `/projects/${project.id}/milestones/${milestone.id}`, label: milestone.title },
      ]}
      before={
        <>
          <Judged milestone={milestone} showsWork={['sign', 'return', 'release', 'recall'].includes(name)} />
          {unproven ? <Blocked codes={['evidence']} /> : null}
        </>
      }
    >
      {name === 'submit' ? (
        <Field
          name="narrative"
          label={t('stewarding:field.narrative')}
          hint={t('stewarding:field.narrativeHint', { count: milestone.evidence.length })}
          rows={8}
          prose
          required
          visibility="public"
          state={state}
        />
      ) : null}
      {name === 'sign' ? (
        <>
          <input type="hidden" name="hash" value={submission?.hash ?? ''} />
          <Choices
            name="role"
            label={t('stewarding:field.role')}
            required
            state={state}
            options={roles.map((value) => ({ value, label: t(`projects:role.${value}`) }))}
            defaultValues={roles.slice(0, 1)}
          />
          <p className="hint">{t('stewarding:signHint')}</p>
        </>
      ) : null}
      {step?.reason ? <ReasonFields state={state} /> : null}
    </StepPage>
  );
}

/** What is decided upon: the criteria and, where there is a submission, exactly that version. */
function Judged({ milestone, showsWork }: { milestone: Milestone; showsWork: boolean }) {
  const t = useT();
  const { criteria, submission, evidence } = milestone;
  return (
    <section aria-labelledby="judged">
      <h2 id="judged">
        <bdi>{milestone.title}</bdi>
      </h2>
      <ul>
        {criteria.map(({ criterion, quantity, unit }) => (
          <li key={criterion}>
            <span dir="auto">
              {criterion}: {quantity} {unit}
            </span>
          </li>
        ))}
      </ul>
      {showsWork && submission !== undefined ? (
        <>
          <h3>{t('projects:submission.title', { version: submission.version })}</h3>
          <p className="meta">
            <When at={submission.at} time />
          </p>
          <p dir="auto">{submission.narrative}</p>
          <ul>
            {evidence
              .filter(({ sha256 }) => submission.evidence.includes(sha256))
              .map(({ sha256, caption }) => (
                <li key={sha256}>
                  <a href={`/api/v1/files/${sha256}`}>
                    <bdi>{caption}</bdi>
                  </a>
                </li>
              ))}
          </ul>
          <p className="hint">
            {t('projects:submission.hash')} <code dir="ltr">{submission.hash}</code>
          </p>
        </>
      ) : null}
    </section>
  );
}
