import {
  EvidenceAdded,
  MilestoneAccepted,
  MilestoneReleased,
  MilestoneReturned,
  MilestoneSigned,
  MilestoneStarted,
  MilestoneSubmitted,
  SubmissionRecalled,
  type Evidence,
  type SignerRole,
} from '@concord/contracts';
import { Refused, requireHash, requireState, twoPerson, versionHash, type DomainEvent, type Reason } from '@concord/kernel';
import type { BackingState } from './backing.js';
import { dayOf } from './health.js';
import { awaitingSigners, ReleaseApprovalGiven, type MilestoneState } from './milestone.js';
import { requireIndependent } from './plan.js';
import type { ProjectState } from './project.js';

/** A submission names every piece of evidence, and an event stays below 64 KiB. */
export const EVIDENCE_MAX = 100;

const ids = ({ projectId, needId }: MilestoneState) => ({ projectId, needId });

/** Work goes on while the project is in implementation; a suspended one takes no submission and no release (R40). */
function requireRunning(project: ProjectState, ...allowed: readonly ProjectState['status'][]): void {
  requireState('project', project.status, ...(allowed.length > 0 ? allowed : (['implementation'] as const)));
}

/** The lead begins to work on a milestone. */
export function startMilestone(milestone: MilestoneState, project: ProjectState): DomainEvent {
  requireState('milestone', milestone.status, 'planned');
  requireRunning(project);
  return MilestoneStarted(ids(milestone));
}

/** Lead or partner add evidence, also while the project is suspended: what happened can be recorded at any time. */
export function addEvidence(milestone: MilestoneState, project: ProjectState, evidence: Evidence, at: string): DomainEvent {
  requireState('milestone', milestone.status, 'in_progress', 'returned');
  requireRunning(project, 'implementation', 'suspended');
  if (milestone.evidence.some(({ sha256 }) => sha256 === evidence.sha256)) {
    throw new Refused('already_added', 'This file is evidence of this milestone already.', { sha256: evidence.sha256 });
  }
  if (milestone.evidence.length >= EVIDENCE_MAX) {
    throw new Refused('too_many', `A milestone has at most ${EVIDENCE_MAX} pieces of evidence. Join several into one document.`, {
      max: EVIDENCE_MAX,
    });
  }
  if (evidence.capturedOn > dayOf(at)) {
    throw new Refused('date_future', 'Evidence cannot be captured in the future. Correct the date.', {
      capturedOn: evidence.capturedOn,
    });
  }
  return EvidenceAdded({ ...ids(milestone), ...evidence });
}

/** Hash of a frozen version: criteria, narrative and the hashes of the evidence, whatever order they were added in (R36). */
export const submissionHash = (
  milestone: MilestoneState,
  version: number,
  narrative: string,
  evidence: readonly string[],
): string =>
  versionHash({
    projectId: milestone.projectId,
    title: milestone.title,
    version,
    criteria: milestone.criteria,
    narrative,
    evidence: [...evidence].sort(),
  });

/** The lead submits what was done, with all evidence so far, as a frozen version (R36). */
export function submitMilestone(milestone: MilestoneState, project: ProjectState, narrative: string): DomainEvent {
  requireState('milestone', milestone.status, 'in_progress', 'returned');
  requireRunning(project);
  if (milestone.evidence.length === 0) {
    throw new Refused('evidence_missing', 'A submission needs at least one piece of evidence. Add it first.');
  }
  const version = milestone.submissions + 1;
  const evidence = milestone.evidence.map(({ sha256 }) => sha256);
  const hash = submissionHash(milestone, version, narrative, evidence);
  return MilestoneSubmitted({
    ...ids(milestone),
    title: milestone.title,
    version,
    hash,
    narrative,
    evidence,
    signers: [...milestone.signers],
  });
}

/** The lead takes a submission back, before it is accepted. */
export function recallSubmission(milestone: MilestoneState, reason: Reason): DomainEvent {
  requireState('milestone', milestone.status, 'submitted');
  return SubmissionRecalled({ ...ids(milestone), reason });
}

/** Who signs or returns: a person for an organisation. */
export interface SigningActor {
  readonly person: string;
  readonly organisation: string;
}

function requireNotAuthor(milestone: MilestoneState, person: string): void {
  if (!milestone.authors.includes(person)) return;
  throw new Refused(
    'conflict_of_interest',
    'You added evidence to this milestone or submitted it; another approver has to judge it.',
  );
}

/** A required role signs the submitted version by its hash; the last signature accepts it (R22, R26, R37, R38). */
export function signMilestone(
  milestone: MilestoneState,
  project: ProjectState,
  command: { readonly role: SignerRole; readonly hash: string },
  actor: SigningActor & { readonly backing: BackingState },
): DomainEvent[] {
  requireState('milestone', milestone.status, 'submitted');
  requireRunning(project, 'implementation', 'suspended');
  const { submission, signers } = milestone;
  const { role, hash } = command;
  requireHash('submission', hash, submission?.hash ?? '');
  const mine = (signer: { role: SignerRole; organisationId: string }): boolean =>
    signer.role === role && signer.organisationId === actor.organisation;
  if (!signers.some(mine)) {
    throw new Refused(
      'not_a_signer',
      `Your organisation does not sign this milestone as ${role}. Sign in the role the plan gives it.`,
      { role, signers },
    );
  }
  const awaiting = awaitingSigners(milestone);
  if (!awaiting.some(mine)) throw new Refused('already_signed', `Your organisation has signed this version as ${role}.`, { role });
  requireNotAuthor(milestone, actor.person);
  if (role === 'verifier') requireIndependent(project, actor.backing, actor.organisation);
  const signed = MilestoneSigned({ ...ids(milestone), role, hash });
  return awaiting.length > 1 ? [signed] : [signed, MilestoneAccepted({ ...ids(milestone), hash })];
}

/** A signer returns the submission: one return ends the round for all (R38). */
export function returnMilestone(milestone: MilestoneState, reason: Reason, actor: SigningActor): DomainEvent {
  requireState('milestone', milestone.status, 'submitted');
  const signer = milestone.signers.find(({ organisationId }) => organisationId === actor.organisation);
  if (!signer)
    throw new Refused('not_a_signer', 'Only an organisation that has to sign this milestone can return it.', {
      signers: milestone.signers,
    });
  requireNotAuthor(milestone, actor.person);
  return MilestoneReturned({ ...ids(milestone), reason, role: signer.role, version: milestone.submissions });
}

/** Two approvers of the steward release an accepted milestone: the first approval is kept, the second releases (R23, R40). */
export function releaseMilestone(milestone: MilestoneState, project: ProjectState, person: string): DomainEvent {
  requireState('milestone', milestone.status, 'accepted');
  requireRunning(project, 'implementation', 'finalisation');
  requireNotAuthor(milestone, person);
  const of = milestone.submission?.hash ?? '';
  if (twoPerson(milestone.pendingApproval, of, person) === 'first') return ReleaseApprovalGiven({ of });
  return MilestoneReleased({ ...ids(milestone), share: milestone.share });
}
