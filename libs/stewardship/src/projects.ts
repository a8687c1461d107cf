import { everyone } from '@concord/access';
import { ACTIVITY_STATUS, PROJECT_STATUSES, ProjectResource } from '@concord/contracts';
import { Id } from '@concord/kernel';
import { defineList, defineResource, defineTable, searchText, type Presented } from '@concord/platform';
import { z } from 'zod';
import { isOverdue, isUndelivered, milestoneHealth, projectHealth, reportingLight } from './domain/health.js';
import { Project, progressOf, type ProjectState, type ProposedPlan, type TrackedMilestone } from './domain/project.js';
import { closureGaps } from './domain/project-course.js';

/** One row per project, for lists and for the health of the portfolio. */
export const projectRows = defineTable({
  name: 'projects',
  key: ['id'],
  columns: {
    id: 'uuid',
    status: 'text',
    need_id: 'text',
    lead_id: 'text',
    steward_id: 'text',
    organisations: 'text[]',
    country: 'text',
    sdgs: 'text[]',
    title: 'text',
    search: 'text',
    opened_at: 'timestamptz',
    next_due_on: 'date',
  },
});

/** Sorts behind every date, for projects with nothing due. */
const NEVER = '9999-12-31';

/** Due date of the first milestone that still has to be handed in. */
const nextDueOn = (milestones: readonly TrackedMilestone[]): string =>
  milestones.filter(({ status }) => isUndelivered(status)).reduce((first, { dueOn }) => (dueOn < first ? dueOn : first), NEVER);

const presentPlan = ({ version, hash, milestones, signatures, reason, proposedAt }: ProposedPlan) => ({
  version,
  hash,
  milestones: [...milestones],
  signatures: [...signatures],
  reason,
  proposedAt,
});

/** A project as the API shows it, with what is derived from business time. */
export function presentProject({ id, version, state, at, subject }: Presented<ProjectState>): z.input<typeof ProjectResource> {
  const { planVersion: _p, proposed, agreed, reports, pendingApproval, reportAcceptedAt, ...shown } = state;
  const running = ['implementation', 'suspended', 'finalisation'].includes(state.status);
  const light = running && state.startedAt !== undefined ? reportingLight(reportAcceptedAt ?? state.startedAt, at) : undefined;
  return {
    ...shown,
    id,
    version,
    statusCode: ACTIVITY_STATUS[state.status],
    partnerIds: [...state.partnerIds],
    sdgTargets: [...state.sdgTargets],
    lines: [...state.lines],
    ratings: [...state.ratings],
    proposedPlan: proposed && presentPlan(proposed),
    agreedPlan: agreed,
    milestones: state.milestones.map(({ submittedOn, ...milestone }) => {
      const dated = { ...milestone, ...(submittedOn === undefined ? {} : { submittedOn }) };
      return { ...milestone, overdue: isOverdue(dated, at), health: milestoneHealth(dated, at) };
    }),
    progress: progressOf(state),
    health: running && agreed !== undefined ? projectHealth(state.milestones, at) : undefined,
    reportingLight: light,
    inactive: light === 'red',
    finalReportId: reports.find(({ kind }) => kind === 'final')?.reportId,
    missingForClose: state.status === 'closed' || state.status === 'cancelled' ? [] : closureGaps(state),
    pendingApproval: pendingApproval && {
      of: pendingApproval.of,
      at: pendingApproval.at,
      ...(subject?.organisation === state.stewardId && { reason: pendingApproval.reason }),
    },
  };
}

/** `/projects`: public, like every reason and decision in it (R32). */
export const projects = defineResource<ProjectState, typeof ProjectResource>({
  aggregate: Project,
  plural: 'projects',
  output: ProjectResource,
  present: presentProject,
  readable: everyone,
  view: {
    table: projectRows,
    row: (id, state) => ({
      id,
      status: state.status,
      need_id: state.needId,
      lead_id: state.leadId,
      steward_id: state.stewardId,
      organisations: [...new Set([state.leadId, state.stewardId, ...state.partnerIds])],
      country: state.country,
      sdgs: state.sdgTargets,
      title: state.title,
      search: searchText(state.title),
      opened_at: state.openedAt,
      next_due_on: nextDueOn(state.milestones),
    }),
  },
});

/** `GET /projects` */
export const listProjects = defineList({
  name: 'listProjects',
  summary: 'Projects: filter by status, need, lead, steward, any organisation in it, country, SDG target; search the title.',
  resource: projects,
  allows: everyone,
  visible: () => 'true',
  filters: {
    status: { column: 'status', match: 'is', value: z.enum(PROJECT_STATUSES) },
    need: { column: 'need_id', match: 'is', value: Id },
    lead: { column: 'lead_id', match: 'is', value: Id },
    steward: { column: 'steward_id', match: 'is', value: Id },
    organisation: { column: 'organisations', match: 'has', value: Id },
    country: { column: 'country', match: 'is', value: z.string().max(10) },
    sdg: { column: 'sdgs', match: 'has', value: z.string().max(10) },
  },
  search: 'search',
  sorts: { newest: { column: 'opened_at', direction: 'desc' }, due: { column: 'next_due_on', direction: 'asc' } },
  facets: ['status', 'country', 'sdg'],
});
