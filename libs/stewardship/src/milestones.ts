import { everyone } from '@concord/access';
import { MILESTONE_STATUSES, MilestoneResource, SignerRole } from '@concord/contracts';
import { Id } from '@concord/kernel';
import { defineList, defineResource, defineTable, searchText, type Presented } from '@concord/platform';
import { z } from 'zod';
import { dayOf, isOverdue, isUndelivered, milestoneHealth } from './domain/health.js';
import { awaitingSigners, Milestone, type MilestoneState } from './domain/milestone.js';
import { remindOn } from './domain/reminder.js';

/** One row per milestone. `awaiting_by` are the organisations that must act now: signers, then the steward to release. */
export const milestoneRows = defineTable({
  name: 'milestones',
  key: ['id'],
  columns: {
    id: 'uuid',
    project_id: 'text',
    status: 'text',
    responsible_id: 'text',
    organisations: 'text[]',
    awaiting: 'text[]',
    awaiting_by: 'text[]',
    due_on: 'date',
    undelivered: 'boolean',
    remind_on: 'date',
    search: 'text',
  },
});

/** What the lateness of a milestone depends on. */
const dated = ({ status, dueOn, submission }: MilestoneState) =>
  submission === undefined ? { status, dueOn } : { status, dueOn, submittedOn: dayOf(submission.at) };

/** A milestone as the API shows it. People stay out of it: authors and approvers are opaque ids that nobody needs here. */
export function presentMilestone({ id, version, state, at }: Presented<MilestoneState>): z.input<typeof MilestoneResource> {
  const {
    authors: _authors,
    submissions: _submissions,
    partnerIds: _partners,
    remindedFor: _reminded,
    pendingApproval,
    ...shown
  } = state;
  const { submission } = state;
  return {
    ...shown,
    id,
    version,
    criteria: [...state.criteria],
    lineIds: [...state.lineIds],
    signers: [...state.signers],
    evidence: [...state.evidence],
    signatures: [...state.signatures],
    submission: submission && { ...submission, evidence: [...submission.evidence] },
    overdue: isOverdue(dated(state), at),
    health: milestoneHealth(dated(state), at),
    awaiting: awaitingSigners(state),
    pendingApproval: pendingApproval && { of: pendingApproval.of, at: pendingApproval.at },
  };
}

/** `/milestones`: public. They come and go with the agreed plan, so there is no command to create one. */
export const milestones = defineResource<MilestoneState, typeof MilestoneResource>({
  aggregate: Milestone,
  plural: 'milestones',
  output: MilestoneResource,
  present: presentMilestone,
  readable: everyone,
  view: {
    table: milestoneRows,
    row(id, state) {
      const awaiting = awaitingSigners(state);
      const toRelease = state.status === 'accepted';
      return {
        id,
        project_id: state.projectId,
        status: state.status,
        responsible_id: state.responsibleId,
        organisations: [
          ...new Set([state.leadId, state.stewardId, ...state.partnerIds, ...state.signers.map((signer) => signer.organisationId)]),
        ],
        awaiting: toRelease ? ['release'] : [...new Set(awaiting.map(({ role }) => role))],
        awaiting_by: toRelease ? [state.stewardId] : [...new Set(awaiting.map(({ organisationId }) => organisationId))],
        due_on: state.dueOn,
        undelivered: isUndelivered(state.status),
        remind_on: remindOn(state),
        search: searchText(state.title),
      };
    },
  },
});

/** `GET /milestones`: with `awaitingBy` it is an organisation's sign-off queue. */
export const listMilestones = defineList({
  name: 'listMilestones',
  summary:
    'Milestones: filter by project, status, responsible organisation, organisation in it, awaited role, awaited organisation.',
  resource: milestones,
  allows: everyone,
  visible: () => 'true',
  filters: {
    project: { column: 'project_id', match: 'is', value: Id },
    status: { column: 'status', match: 'is', value: z.enum(MILESTONE_STATUSES) },
    responsible: { column: 'responsible_id', match: 'is', value: Id },
    organisation: { column: 'organisations', match: 'has', value: Id },
    awaiting: { column: 'awaiting', match: 'has', value: z.enum([...SignerRole.options, 'release']) },
    awaitingBy: { column: 'awaiting_by', match: 'has', value: Id },
  },
  search: 'search',
  sorts: { due: { column: 'due_on', direction: 'asc' }, latest: { column: 'due_on', direction: 'desc' } },
  facets: ['status', 'awaiting'],
});
