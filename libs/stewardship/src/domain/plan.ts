import {
  PlanAgreed,
  PlanProposed,
  PlanSigned,
  type PlannedMilestone,
  type PlanRole,
  type ProposedMilestone,
} from '@concord/contracts';
import { canonical, Refused, requireHash, requireState, versionHash, type Reason } from '@concord/kernel';
import { fundersOf, isBacker, type BackingState } from './backing.js';
import { dayOf } from './health.js';
import type { PlanSignature, ProjectState, TrackedMilestone } from './project.js';

/** What a plan is judged by, beside the project itself. */
export interface PlanFacts {
  readonly at: string;
  readonly backing: BackingState;
  /** Whether the directory knows an organisation. */
  isKnown(organisationId: string): boolean;
  /** Whether no milestone of any project has this id. Asked only for ids that a client brought. */
  isFree(milestoneId: string): boolean;
  newId(): string;
}

/** Work has been handed in or decided upon: the plan may not touch these any more. */
const FROZEN = ['submitted', 'accepted', 'released'];

/** May be left out of a new plan (domain.md section 4). */
const DROPPABLE = ['planned', 'in_progress'];

/** Shares of a plan's milestones sum to 100 (R34). */
function requireShares(milestones: readonly PlannedMilestone[]): void {
  const sum = milestones.reduce((total, { share }) => total + share, 0);
  if (sum === 100) return;
  throw new Refused('shares_not_100', `The shares of the milestones sum to ${sum}; change them so that they sum to 100.`, { sum });
}

/** The verifier stands apart: never lead, partner, pledger or recipient (R37). */
export function requireIndependent(project: ProjectState, backing: BackingState, organisationId: string): void {
  const recipients = project.lines.map(({ recipient }) => (recipient === 'lead' ? project.leadId : project.stewardId));
  const involved =
    [project.leadId, ...project.partnerIds, ...recipients].includes(organisationId) || isBacker(backing, organisationId);
  if (!involved) return;
  throw new Refused(
    'conflict_of_interest',
    'The verifier must not be the lead, a partner, a pledger or a recipient. Name another organisation.',
    {
      organisationId,
    },
  );
}

function requireSigners(project: ProjectState, { signers, title }: PlannedMilestone, facts: PlanFacts): void {
  const distinct = new Set(signers.map(canonical));
  if (distinct.size !== signers.length)
    throw new Refused('duplicate_signer', `"${title}" names the same signer twice. Name each once.`, { title });
  for (const { role, organisationId } of signers) {
    if (organisationId === project.leadId) {
      throw new Refused(
        'conflict_of_interest',
        `"${title}": the lead submits the milestone and cannot sign it too. Name another organisation.`,
        { role },
      );
    }
    if (role === 'steward' && organisationId !== project.stewardId) {
      throw new Refused('wrong_signer', `"${title}": the steward's signature is given by the project's steward.`, {
        role,
        organisationId,
      });
    }
    if (role === 'funder' && !isBacker(facts.backing, organisationId)) {
      throw new Refused('wrong_signer', `"${title}": a funder's signature needs an organisation with a live pledge on the need.`, {
        role,
        organisationId,
      });
    }
    if (role === 'verifier') requireIndependent(project, facts.backing, organisationId);
    if (!facts.isKnown(organisationId)) {
      throw new Refused('not_found', `"${title}" names a signer that is not registered. Choose an organisation of the directory.`, {
        organisationId,
      });
    }
  }
}

/** Date, responsible organisation and lines make sense for this project (R35); the shape has the criteria already. */
function requireSmart(project: ProjectState, milestone: PlannedMilestone, before: TrackedMilestone | undefined, at: string): void {
  const { title, responsibleId, lineIds, dueOn } = milestone;
  if (![project.leadId, project.stewardId, ...project.partnerIds].includes(responsibleId)) {
    throw new Refused('not_a_partner', `"${title}": the responsible organisation must be the lead, a partner or the steward.`, {
      responsibleId,
    });
  }
  const lines = project.lines.map(({ lineId }) => lineId);
  const foreign = lineIds.filter((lineId) => !lines.includes(lineId));
  if (foreign.length > 0) {
    throw new Refused('not_found', `"${title}" names lines that are not of this project's need. Choose from its lines.`, {
      lineIds: foreign,
    });
  }
  if (dueOn < dayOf(at) && dueOn !== before?.dueOn) {
    throw new Refused('date_past', `"${title}" is due on ${dueOn}, which has passed. Choose a later date.`, { dueOn });
  }
}

/** Milestones that the new plan leaves out. */
const leftOut = (project: ProjectState, milestones: readonly PlannedMilestone[]): TrackedMilestone[] => {
  const kept = new Set(milestones.map(({ milestoneId }) => milestoneId));
  return project.milestones.filter(({ milestoneId, status }) => !kept.has(milestoneId) && status !== 'dropped');
};

const content = ({ milestoneId, title, criteria, dueOn, responsibleId, lineIds, signers, share }: PlannedMilestone): string =>
  canonical({ milestoneId, title, criteria, dueOn, responsibleId, lineIds, signers, share });

/** What is submitted, accepted or released stays as it is, and only what is not yet submitted may be dropped. */
function requireCompatible(project: ProjectState, milestones: readonly PlannedMilestone[]): void {
  for (const milestone of milestones) {
    const before = project.milestones.find(({ milestoneId }) => milestoneId === milestone.milestoneId);
    const frozen =
      before && (before.status === 'dropped' || (FROZEN.includes(before.status) && content(before) !== content(milestone)));
    if (!frozen) continue;
    throw new Refused(
      'wrong_state',
      `"${milestone.title}" is ${before.status} and cannot be planned anew. Keep it as agreed and propose the plan again.`,
      {
        milestoneId: milestone.milestoneId,
        state: before.status,
      },
    );
  }
  const stuck = leftOut(project, milestones).find(({ status }) => !DROPPABLE.includes(status));
  if (!stuck) return;
  throw new Refused(
    'wrong_state',
    `"${stuck.title}" is ${stuck.status} and cannot be dropped. Keep it and propose the plan again.`,
    {
      milestoneId: stuck.milestoneId,
      state: stuck.status,
      allowed: DROPPABLE,
    },
  );
}

/** The lead proposes a plan (R34, R35, R37). After the start it needs a reason. Signatures under an earlier proposal are void. */
export function proposePlan(
  project: ProjectState,
  command: { readonly milestones: readonly ProposedMilestone[]; readonly reason?: Reason },
  facts: PlanFacts,
): ReturnType<typeof PlanProposed> {
  requireState('project', project.status, 'pipeline', 'implementation');
  const { reason } = command;
  if (project.status === 'implementation' && reason === undefined) {
    throw new Refused('reason_required', 'The project has started: a changed plan needs a reason. Give its code and text.');
  }
  const brought = new Set(command.milestones.map(({ milestoneId }) => milestoneId));
  const milestones = command.milestones.map((milestone) => ({ ...milestone, milestoneId: milestone.milestoneId ?? facts.newId() }));
  const ids = new Set(milestones.map(({ milestoneId }) => milestoneId));
  if (ids.size !== milestones.length)
    throw new Refused('duplicate_milestone', 'The plan names the same milestone twice. Name each once.');
  requireShares(milestones);
  for (const milestone of milestones) {
    const before = project.milestones.find(({ milestoneId }) => milestoneId === milestone.milestoneId);
    if (!before && brought.has(milestone.milestoneId) && !facts.isFree(milestone.milestoneId)) {
      throw new Refused('already_exists', 'A new milestone has the id of another one. Make a fresh id, or leave it out.', {
        milestoneId: milestone.milestoneId,
      });
    }
    requireSmart(project, milestone, before, facts.at);
    if (!before || content(before) !== content(milestone)) requireSigners(project, milestone, facts);
  }
  requireCompatible(project, milestones);
  const version = project.planVersion + 1;
  const hash = versionHash({ needId: project.needId, version, milestones });
  return PlanProposed({ needId: project.needId, version, hash, milestones, ...(reason === undefined ? {} : { reason }) });
}

/** Who has to sign a plan now: lead, steward, and everyone with a live funding pledge on the need. */
export const planSigners = (project: ProjectState, backing: BackingState): { role: PlanRole; organisationId: string }[] => [
  { role: 'lead', organisationId: project.leadId },
  { role: 'steward', organisationId: project.stewardId },
  ...fundersOf(backing).map((organisationId) => ({ role: 'funder' as const, organisationId })),
];

/** Signatures that the proposed plan still waits for. */
export const planAwaits = (project: ProjectState, backing: BackingState): { role: PlanRole; organisationId: string }[] =>
  project.proposed === undefined
    ? []
    : planSigners(project, backing).filter((signer) => !hasSigned(project.proposed?.signatures ?? [], signer));

const hasSigned = (signatures: readonly PlanSignature[], signer: { role: PlanRole; organisationId: string }): boolean =>
  signatures.some(({ role, organisationId }) => role === signer.role && organisationId === signer.organisationId);

/** An approver signs the proposed plan by its hash, for an organisation that has to sign (R22, R26). */
export function signPlan(
  project: ProjectState,
  command: { readonly role: PlanRole; readonly hash: string },
  actor: { readonly organisation: string; readonly person: string; readonly backing: BackingState },
): ReturnType<typeof PlanSigned> {
  requireState('project', project.status, 'pipeline', 'implementation');
  const { role, hash } = command;
  const { proposed } = project;
  if (!proposed)
    throw new Refused('wrong_state', 'No plan waits for signatures. The lead has to propose one first.', { state: project.status });
  requireHash('plan', hash, proposed.hash);
  const signer = { role, organisationId: actor.organisation };
  if (!planSigners(project, actor.backing).some((one) => one.role === role && one.organisationId === actor.organisation)) {
    throw new Refused(
      'not_a_signer',
      `Your organisation does not sign this plan as ${role}. Signers are the lead, the steward and those who pledged funding.`,
      { role },
    );
  }
  if (hasSigned(proposed.signatures, signer))
    throw new Refused('already_signed', `Your organisation has signed this plan as ${role}.`, { role });
  if (proposed.author === actor.person) {
    throw new Refused('conflict_of_interest', 'You proposed this plan; another approver of your organisation has to sign it.', {
      role,
    });
  }
  return PlanSigned({ needId: project.needId, role, hash });
}

/** PlanAgreed when the given state's plan has every signature. Throws `wrong_state` when milestones moved on since it was proposed. */
export function agreedPlan(project: ProjectState, backing: BackingState): ReturnType<typeof PlanAgreed> | undefined {
  if (!project.proposed || planAwaits(project, backing).length > 0) return undefined;
  const { milestones, hash } = project.proposed;
  requireCompatible(project, milestones);
  return PlanAgreed({
    needId: project.needId,
    hash,
    milestones: milestones.map(({ milestoneId, title, share, dueOn, lineIds }) => ({ milestoneId, title, share, dueOn, lineIds })),
  });
}

/** What an agreed plan does to the milestones of the project as it was before. */
export function planChanges(project: ProjectState): {
  added: PlannedMilestone[];
  changed: PlannedMilestone[];
  dropped: TrackedMilestone[];
} {
  const milestones = project.proposed?.milestones ?? [];
  const before = new Map(project.milestones.map((milestone) => [milestone.milestoneId, milestone]));
  return {
    added: milestones.filter(({ milestoneId }) => !before.has(milestoneId)),
    changed: milestones.filter((milestone) => {
      const known = before.get(milestone.milestoneId);
      return known !== undefined && content(known) !== content(milestone);
    }),
    dropped: leftOut(project, milestones),
  };
}
