import { isOpen, isOverdue, dayOf } from './health.js';
import { awaitingSigners, type MilestoneState } from './milestone.js';
import { planAwaits } from './plan.js';
import { closureGaps, type StartBlocker } from './project-course.js';
import type { BackingState } from './backing.js';
import type { ProjectState } from './project.js';
import { reportStatus, type ReportState } from './report.js';

/** A step that somebody can take, or will have to. */
export interface Step {
  readonly step: string;
  readonly resource: 'projects' | 'milestones' | 'reports';
  readonly id: string;
  readonly title: string;
  readonly who: readonly { readonly role: string; readonly organisationId: string }[];
  readonly dueOn?: string;
  readonly overdue: boolean;
  /** Codes of what has to happen first; empty when it can be taken now. */
  readonly blockedBy: readonly string[];
}

/** All that the next steps of a project follow from. */
export interface Board {
  readonly id: string;
  readonly project: ProjectState;
  readonly backing: BackingState;
  readonly milestones: readonly { readonly id: string; readonly state: MilestoneState }[];
  readonly reports: readonly { readonly id: string; readonly state: ReportState }[];
  readonly startBlockers: readonly StartBlocker[];
  readonly at: string;
}

const ROLES_OF: Readonly<Record<string, 'lead' | 'steward'>> = {
  'propose-plan': 'lead',
  start: 'steward',
  resume: 'steward',
  finish: 'lead',
  close: 'steward',
};

function projectStep({ id, project }: Board, step: string, blockedBy: readonly string[] = []): Step {
  const role = ROLES_OF[step] ?? 'lead';
  const organisationId = role === 'lead' ? project.leadId : project.stewardId;
  return { step, resource: 'projects', id, title: project.title, who: [{ role, organisationId }], overdue: false, blockedBy };
}

/** What R44 asks of people, beside the closure itself. */
function closureSteps(board: Board): Step[] {
  const { id, project } = board;
  const gaps = closureGaps(project);
  const sides = { lead: project.leadId, steward: project.stewardId };
  const rate = (['lead', 'steward'] as const)
    .filter((side) => gaps.includes(`${side}_rating`))
    .map((role) => ({ ...projectStep(board, 'rate'), who: [{ role, organisationId: sides[role] }] }));
  const record = gaps.includes('stewardship_plan')
    ? [
        {
          ...projectStep(board, 'record-stewardship-plan'),
          id,
          who: Object.entries(sides).map(([role, organisationId]) => ({ role, organisationId })),
        },
      ]
    : [];
  return [...record, ...rate, projectStep(board, 'close', gaps)];
}

function projectSteps(board: Board): Step[] {
  const { project, backing } = board;
  const awaited = planAwaits(project, backing);
  const sign = awaited.length > 0 ? [{ ...projectStep(board, 'sign-plan'), who: awaited }] : [];
  switch (project.status) {
    case 'pipeline':
      if (!project.proposed && !project.agreed) return [projectStep(board, 'propose-plan')];
      return [
        ...sign,
        projectStep(
          board,
          'start',
          board.startBlockers.map(({ code }) => code),
        ),
      ];
    case 'implementation':
      return [...sign, ...(project.milestones.some(({ status }) => isOpen(status)) ? [] : [projectStep(board, 'finish')])];
    case 'suspended':
      return [projectStep(board, 'resume')];
    case 'finalisation':
      return closureSteps(board);
    case 'closed':
    case 'cancelled':
      return [];
  }
}

/** What a milestone waits for, and by whom. */
function milestoneStep({ project, at }: Board, id: string, state: MilestoneState): Step[] {
  const lead = [{ role: 'lead', organisationId: state.leadId }];
  const steward = [{ role: 'steward', organisationId: state.stewardId }];
  const steps: Readonly<Record<string, { step: string; who: Step['who'] }>> = {
    planned: { step: 'start', who: lead },
    in_progress: { step: 'submit', who: lead },
    returned: { step: 'submit', who: lead },
    submitted: { step: 'sign', who: awaitingSigners(state) },
    accepted: { step: 'release', who: steward },
  };
  const next = steps[state.status];
  if (!next) return [];
  const { dueOn, status, title } = state;
  const blockedBy = project.status === 'suspended' && next.step !== 'sign' ? ['suspended'] : [];
  return [{ ...next, resource: 'milestones', id, title, dueOn, overdue: isOverdue({ status, dueOn }, at), blockedBy }];
}

function reportStep({ at }: Board, id: string, state: ReportState): Step[] {
  const { dueOn, kind, leadId, stewardId } = state;
  const status = reportStatus(state, at);
  const report = { resource: 'reports' as const, id, title: kind, dueOn, overdue: dayOf(at) > dueOn, blockedBy: [] };
  if (status === 'accepted' || (status === 'not_yet_due' && kind === 'annual')) return [];
  if (status === 'submitted') return [{ ...report, step: 'accept', who: [{ role: 'steward', organisationId: stewardId }] }];
  return [{ ...report, step: 'submit', who: [{ role: 'lead', organisationId: leadId }] }];
}

const NEVER = '9999-12-31';

/** What can or must happen next, the most urgent first: what can be taken before what is blocked, then by date. */
export function nextSteps(board: Board): Step[] {
  const running = ['implementation', 'suspended', 'finalisation'].includes(board.project.status);
  const steps = [
    ...projectSteps(board),
    ...(running ? board.milestones.flatMap(({ id, state }) => milestoneStep(board, id, state)) : []),
    ...(running ? board.reports.flatMap(({ id, state }) => reportStep(board, id, state)) : []),
  ];
  const blocked = (step: Step): number => (step.blockedBy.length > 0 ? 1 : 0);
  const due = (step: Step): string => step.dueOn ?? NEVER;
  return steps.sort((a, b) => blocked(a) - blocked(b) || (due(a) < due(b) ? -1 : due(a) > due(b) ? 1 : 0));
}
