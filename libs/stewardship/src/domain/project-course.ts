import {
  PartnershipRated,
  ProjectCancelled,
  ProjectClosed,
  ProjectFinalisationStarted,
  ProjectReopened,
  ProjectResumed,
  ProjectStarted,
  ProjectSuspended,
  ProjectUpdatePosted,
  StewardshipPlanRecorded,
  type RatingSide,
} from '@concord/contracts';
import { Refused, requireState, twoPerson, type DomainEvent, type Reason } from '@concord/kernel';
import type { BackingState } from './backing.js';
import { isOpen } from './health.js';
import type { PartyState } from './party.js';
import { ProjectApprovalGiven, type ProjectState } from './project.js';

/** What R33 still asks for before the start. */
export interface StartBlocker {
  readonly code: 'plan' | 'minimums' | 'award' | 'organisations';
  /** The lines or organisations that are missing. */
  readonly ids: readonly string[];
}

/** Agreed plan, confirmed minimums, final award, verified lead, partners and steward (R33). */
export function startBlockers(
  project: ProjectState,
  projectId: string,
  backing: BackingState,
  party: (id: string) => PartyState,
): StartBlocker[] {
  const open = project.lines
    .filter(({ lineId, minimum }) => minimum !== undefined && !backing.minimums.includes(lineId))
    .map(({ lineId }) => lineId);
  const unverified = [...new Set([project.leadId, project.stewardId, ...project.partnerIds])].filter(
    (id) => party(id).standing !== 'verified',
  );
  const blockers: StartBlocker[] = [];
  // A newer proposal that waits for signatures means that the agreed plan is in doubt.
  if (!project.agreed || project.agreed.version !== project.planVersion) blockers.push({ code: 'plan', ids: [] });
  if (open.length > 0) blockers.push({ code: 'minimums', ids: open });
  if (backing.awardedTo !== projectId) blockers.push({ code: 'award', ids: [] });
  if (unverified.length > 0) blockers.push({ code: 'organisations', ids: unverified });
  return blockers;
}

const BLOCKED: Readonly<Record<StartBlocker['code'], string>> = {
  plan: 'a plan signed by everyone',
  minimums: 'the confirmed minimum of every line that has one',
  award: 'the final award of the need',
  organisations: 'a verified lead, verified partners and a verified steward',
};

/** The steward starts the project (R33). Refused `not_ready` with what is missing. */
export function startProject(project: ProjectState, blockers: readonly StartBlocker[]): DomainEvent {
  requireState('project', project.status, 'pipeline');
  if (blockers.length > 0) {
    const missing = blockers.map(({ code }) => BLOCKED[code]).join('; ');
    throw new Refused('not_ready', `The project cannot start yet. It still needs: ${missing}.`, { missing: blockers });
  }
  return ProjectStarted({ needId: project.needId });
}

/** Two approvers of the steward take one step (R23): the first is kept, the second completes it. */
function jointly(project: ProjectState, of: string, person: string, done: DomainEvent, reason?: Reason): DomainEvent {
  if (twoPerson(project.pendingApproval, of, person) === 'second') return done;
  return ProjectApprovalGiven(reason ? { of, reason } : { of });
}

/** Two approvers of the steward cancel a project that has not started. */
export function cancelProject(project: ProjectState, reason: Reason, person: string): DomainEvent {
  requireState('project', project.status, 'pipeline');
  return jointly(project, `cancel ${reason.code}`, person, ProjectCancelled({ needId: project.needId, reason }), reason);
}

/** The steward suspends: no submission and no release until resumed (R40). */
export function suspendProject(project: ProjectState, reason: Reason): DomainEvent {
  requireState('project', project.status, 'implementation');
  return ProjectSuspended({ needId: project.needId, reason });
}

/** Two approvers of the steward end a suspension. */
export function resumeProject(project: ProjectState, reason: Reason, person: string): DomainEvent {
  requireState('project', project.status, 'suspended');
  return jointly(project, `resume ${reason.code}`, person, ProjectResumed({ needId: project.needId, reason }), reason);
}

/** Lead or steward say how a running project goes; nobody has to act on it. */
export function postUpdate(project: ProjectState, update: { readonly language: string; readonly text: string }): DomainEvent {
  requireState('project', project.status, 'pipeline', 'implementation', 'suspended', 'finalisation');
  return ProjectUpdatePosted({ needId: project.needId, ...update });
}

/** Two approvers of the steward terminate a suspended project by the same notice, named by its hash. */
export function terminateProject(project: ProjectState, reason: Reason, document: string, person: string): DomainEvent {
  requireState('project', project.status, 'suspended');
  return jointly(project, `terminate ${document}`, person, ProjectCancelled({ needId: project.needId, reason, document }), reason);
}

/** The lead says that the work is done. Refused `milestones_open` while one still has to be accepted. */
export function finishProject(project: ProjectState): DomainEvent {
  requireState('project', project.status, 'implementation');
  const open = project.milestones.filter(({ status }) => isOpen(status));
  if (open.length > 0) {
    throw new Refused(
      'milestones_open',
      `${open.length} milestones are not accepted yet. Have them accepted, or drop them in a new plan.`,
      {
        milestoneIds: open.map(({ milestoneId }) => milestoneId),
      },
    );
  }
  return ProjectFinalisationStarted({ needId: project.needId });
}

/** The steward sends the project back to work. */
export function reopenProject(project: ProjectState, reason: Reason): DomainEvent {
  requireState('project', project.status, 'finalisation');
  return ProjectReopened({ needId: project.needId, reason });
}

/** What has to be there before a project is closed (R44). */
export type ClosureGap = 'milestones' | 'final_report' | 'fund' | 'stewardship_plan' | 'lead_rating' | 'steward_rating';

const GAPS: Readonly<Record<ClosureGap, string>> = {
  milestones: 'every milestone released or dropped',
  final_report: 'an accepted final report',
  fund: 'a settled fund',
  stewardship_plan: 'the stewardship plan (maintainer, funding, handover)',
  lead_rating: "the lead's rating",
  steward_rating: "the steward's rating",
};

/** What R44 still asks for, by code. */
export function closureGaps(project: ProjectState): ClosureGap[] {
  const rated = (side: RatingSide): boolean => project.ratings.some((rating) => rating.side === side);
  const there: Readonly<Record<ClosureGap, boolean>> = {
    milestones: project.milestones.every(({ status }) => status === 'released' || status === 'dropped'),
    final_report: project.reports.some(({ kind, status }) => kind === 'final' && status === 'accepted'),
    fund: project.fundSettled,
    stewardship_plan: project.stewardshipPlan !== undefined,
    lead_rating: rated('lead'),
    steward_rating: rated('steward'),
  };
  return (Object.keys(there) as ClosureGap[]).filter((gap) => !there[gap]);
}

/** Two approvers of the steward close the project (R44). Refused `not_ready` with what is missing. */
export function closeProject(project: ProjectState, person: string): DomainEvent {
  requireState('project', project.status, 'finalisation');
  const missing = closureGaps(project);
  if (missing.length > 0) {
    throw new Refused(
      'not_ready',
      `The project cannot be closed yet. It still needs: ${missing.map((gap) => GAPS[gap]).join('; ')}.`,
      { missing },
    );
  }
  return jointly(project, 'close', person, ProjectClosed({ needId: project.needId }));
}

/** Who maintains the result, who pays for that, and how it was handed over (R44). */
export function recordStewardshipPlan(
  project: ProjectState,
  plan: { readonly maintainerId: string; readonly funding: string; readonly handover: string },
  isKnown: boolean,
): DomainEvent {
  requireState('project', project.status, 'implementation', 'finalisation');
  if (!isKnown) {
    throw new Refused('not_found', 'The maintainer is not registered. Choose an organisation of the directory.', {
      maintainerId: plan.maintainerId,
    });
  }
  return StewardshipPlanRecorded({ needId: project.needId, ...plan });
}

/** One side rates the partnership once the work is done; a later rating of the same side replaces it until the closure (R44). */
export function ratePartnership(
  project: ProjectState,
  rating: { readonly score: number; readonly comment: string },
  organisation: string | undefined,
): DomainEvent {
  requireState('project', project.status, 'finalisation');
  return PartnershipRated({ needId: project.needId, side: organisation === project.leadId ? 'lead' : 'steward', ...rating });
}
