import type { Acting } from '../../facts.js';
import type { Milestone, Project, Report } from '../projects/board.js';
import { may, type StepRole } from './may.js';

/** Who takes a step, in which states of the object, and what it asks for. */
export interface Step {
  readonly role: StepRole;
  readonly side: 'lead' | 'steward' | 'either' | 'signers' | 'gatherers';
  readonly from: readonly string[];
  readonly reason?: true;
  /** Two people of the organisation take it together (R23). */
  readonly two?: true;
}

const RUNNING = ['pipeline', 'implementation', 'suspended', 'finalisation'] as const;

/** Steps on a project that have the form of their own; planning has pages of its own. */
export const PROJECT_STEPS: Readonly<Record<string, Step>> = {
  start: { role: 'approver', side: 'steward', from: ['pipeline'] },
  finish: { role: 'approver', side: 'lead', from: ['implementation'] },
  'post-update': { role: 'editor', side: 'either', from: RUNNING },
  'record-stewardship-plan': { role: 'editor', side: 'either', from: ['implementation', 'finalisation'] },
  rate: { role: 'approver', side: 'either', from: ['finalisation'] },
  close: { role: 'approver', side: 'steward', from: ['finalisation'], two: true },
  reopen: { role: 'approver', side: 'steward', from: ['finalisation'], reason: true },
  suspend: { role: 'approver', side: 'steward', from: ['implementation'], reason: true },
  resume: { role: 'approver', side: 'steward', from: ['suspended'], reason: true, two: true },
  terminate: { role: 'approver', side: 'steward', from: ['suspended'], reason: true, two: true },
  cancel: { role: 'approver', side: 'steward', from: ['pipeline'], reason: true, two: true },
};

/** Steps on a milestone; evidence has a page of its own. */
export const MILESTONE_STEPS: Readonly<Record<string, Step>> = {
  start: { role: 'editor', side: 'lead', from: ['planned'] },
  'add-evidence': { role: 'field', side: 'gatherers', from: ['in_progress', 'returned'] },
  submit: { role: 'approver', side: 'lead', from: ['in_progress', 'returned'] },
  recall: { role: 'approver', side: 'lead', from: ['submitted'], reason: true },
  sign: { role: 'approver', side: 'signers', from: ['submitted'] },
  return: { role: 'approver', side: 'signers', from: ['submitted'], reason: true },
  release: { role: 'approver', side: 'steward', from: ['accepted'], two: true },
};

/** Steps on a report. */
export const REPORT_STEPS: Readonly<Record<string, Step>> = {
  submit: { role: 'approver', side: 'lead', from: ['not_yet_due', 'due', 'overdue', 'sent_back'] },
  accept: { role: 'approver', side: 'steward', from: ['submitted'] },
  'send-back': { role: 'approver', side: 'steward', from: ['submitted'], reason: true },
};

/** Why a reason was given; the codes are public, like the text beside them (R32). */
export const REASONS = ['incomplete', 'incorrect', 'evidence', 'circumstances', 'agreement', 'other'] as const;

interface Sides {
  readonly leadId: string;
  readonly stewardId: string;
  readonly partnerIds?: readonly string[];
  readonly signers?: readonly { readonly organisationId: string }[];
}

/** Organisations that may take a step. */
export function organisationsFor({ side }: Pick<Step, 'side'>, of: Sides): string[] {
  switch (side) {
    case 'lead':
      return [of.leadId];
    case 'steward':
      return [of.stewardId];
    case 'either':
      return [of.leadId, of.stewardId];
    case 'gatherers':
      return [of.leadId, ...(of.partnerIds ?? [])];
    case 'signers':
      return [...new Set((of.signers ?? []).map(({ organisationId }) => organisationId))];
  }
}

const offered = (steps: Readonly<Record<string, Step>>, status: string, of: Sides, acting: Acting | undefined): string[] =>
  Object.entries(steps)
    .filter(([, step]) => step.from.includes(status) && may(acting, step.role, organisationsFor(step, of)))
    .map(([name]) => name);

/** Steps this reader can take on a project now. */
export function projectStepsFor(project: Project, acting: Acting | undefined): string[] {
  const { status, leadId, proposedPlan, missingForClose, milestones } = project;
  const open = milestones.some((one) => !['accepted', 'released', 'dropped'].includes(one.status));
  const steps = offered(PROJECT_STEPS, status, project, acting).filter(
    (step) => !(step === 'finish' && open) && !(step === 'close' && missingForClose.length > 0),
  );
  const planning = status === 'pipeline' || status === 'implementation';
  const awaited = proposedPlan !== undefined && planning && may(acting, 'approver', acting ? [acting.id] : []);
  const signed = proposedPlan?.signatures.some(({ organisationId }) => organisationId === acting?.id) ?? false;
  return [
    ...(planning && may(acting, 'approver', [leadId]) ? ['propose-plan'] : []),
    ...(awaited && !signed ? ['sign-plan'] : []),
    ...steps,
  ];
}

/** Steps this reader can take on a milestone now; suspended projects take evidence and signatures only (R40). */
export function milestoneStepsFor(
  milestone: Milestone,
  project: Pick<Project, 'status' | 'partnerIds'>,
  acting: Acting | undefined,
): string[] {
  const awaits = milestone.awaiting.some(({ organisationId }) => organisationId === acting?.id);
  const allowed: Readonly<Record<string, boolean>> = {
    sign: awaits && ['implementation', 'suspended'].includes(project.status),
    return: true,
    recall: true,
    release: ['implementation', 'finalisation'].includes(project.status),
    'add-evidence': ['implementation', 'suspended'].includes(project.status),
    submit: project.status === 'implementation' && milestone.evidence.length > 0,
    start: project.status === 'implementation',
  };
  return offered(MILESTONE_STEPS, milestone.status, { ...milestone, partnerIds: project.partnerIds }, acting).filter(
    (step) => allowed[step],
  );
}

/** Steps this reader can take on a report now. */
export const reportStepsFor = (report: Report, acting: Acting | undefined): string[] =>
  offered(REPORT_STEPS, report.status, report, acting);

/** Address of the page on which a step of the board is taken. */
export function stepPath(projectId: string, { resource, id, step }: { resource: string; id: string; step: string }): string {
  const top = `/projects/${projectId}`;
  if (step === 'propose-plan') return `${top}/plan`;
  if (step === 'sign-plan') return `${top}/plan/sign`;
  if (resource === 'milestones') return `${top}/milestones/${id}/${step === 'add-evidence' ? 'evidence' : `steps/${step}`}`;
  if (resource === 'reports') return `${top}/reports/${id}/steps/${step}`;
  return `${top}/steps/${step}`;
}
