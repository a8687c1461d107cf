import { PledgeKind, PledgeResource, PledgeStatus, PledgeUnit } from '@concord/contracts';
import { Id } from '@concord/kernel';
import { defineList, defineResource, defineTable, type Presented } from '@concord/platform';
import { z } from 'zod';
import { dueQuantity, isLive } from './domain/instalments.js';
import { Pledge, type PledgeState } from './domain/pledge.js';
import { waiting } from './waiting.js';
import { anyone } from './policy.js';

type PledgeRow = {
  readonly id: string;
  readonly need_id: string;
  readonly line_id: string;
  readonly owner_id: string;
  readonly organisation_id: string;
  readonly recipient_id: string | undefined;
  readonly project_id: string | undefined;
  readonly kind: string;
  readonly status: string;
  readonly unit: string;
  readonly quantity: number;
  readonly counted: number;
  readonly ever_confirmed: number;
  readonly delivered: number;
  readonly made_at: string;
  readonly valid_until: string;
  readonly next_due_on: string | undefined;
};

/** One row per pledge, written with its events: lists, deadlines and conversion read it. */
export const pledgeBoard = defineTable<PledgeRow>({
  name: 'pledge_board',
  key: ['id'],
  columns: {
    id: 'uuid',
    need_id: 'text',
    line_id: 'text',
    owner_id: 'text',
    organisation_id: 'text',
    recipient_id: 'text',
    project_id: 'text',
    kind: 'text',
    status: 'text',
    unit: 'text',
    quantity: 'bigint',
    counted: 'bigint',
    ever_confirmed: 'bigint',
    delivered: 'bigint',
    made_at: 'timestamptz',
    valid_until: 'timestamptz',
    next_due_on: 'date',
  },
});

/** The first day on which an instalment of a live commitment falls due by date. */
function nextDueOn(pledge: PledgeState): string | undefined {
  if (!pledge.instalments || !isLive(pledge)) return undefined;
  const days = pledge.instalments.filter(({ due, dueOn }) => !due && dueOn !== undefined).map(({ dueOn }) => dueOn!);
  return days.length === 0 ? undefined : days.reduce((first, day) => (day < first ? day : first));
}

/** The row of a pledge in this state. */
export const pledgeRow = (id: string, pledge: PledgeState): PledgeRow => ({
  id,
  need_id: pledge.needId,
  line_id: pledge.lineId,
  owner_id: pledge.ownerId,
  organisation_id: pledge.organisationId,
  recipient_id: pledge.recipientId,
  project_id: pledge.projectId,
  kind: pledge.kind,
  status: pledge.status,
  unit: pledge.unit,
  quantity: pledge.quantity,
  counted: pledge.counted,
  ever_confirmed: pledge.everConfirmed,
  delivered: pledge.delivered,
  made_at: pledge.madeAt,
  valid_until: pledge.validUntil,
  next_due_on: nextDueOn(pledge),
});

function present({ id, version, state }: Presented<PledgeState>): z.input<typeof PledgeResource> {
  const {
    needId,
    lineId,
    ownerId,
    organisationId,
    recipient,
    recipientId,
    projectId,
    kind,
    status,
    unit,
    quantity,
    counted,
    terms,
  } = state;
  const due = Math.max(0, dueQuantity(state) - state.delivered);
  return {
    id,
    version,
    needId,
    lineId,
    ownerId,
    organisationId,
    recipient,
    recipientId,
    projectId,
    kind,
    status,
    unit,
    quantity,
    counted,
    terms,
    offerVersion: state.offerVersion,
    hash: state.hash,
    accepted: state.acceptedHash === state.hash,
    madeAt: state.madeAt,
    validUntil: state.validUntil,
    confirmed: state.committed,
    due: isLive(state) ? due : 0,
    recorded: state.recorded,
    delivered: state.delivered,
    deliveredCounted: state.deliveredCounted,
    lapsed: state.lapsed,
    instalments: [...(state.instalments ?? [])],
    pendingApproval: waiting(state.pendingApproval),
  };
}

/** A pledge as the API shows it. */
export const pledgeResource = defineResource<PledgeState, typeof PledgeResource>({
  aggregate: Pledge,
  plural: 'pledges',
  output: PledgeResource,
  present,
  readable: anyone,
  view: { table: pledgeBoard, row: pledgeRow },
});

/** `GET /pledges` */
export const listPledges = defineList({
  name: 'listPledges',
  summary: 'Pledges, newest first; filtered by need, line, project, organisations, kind, status and unit.',
  resource: pledgeResource,
  allows: anyone,
  visible: () => 'true',
  filters: {
    need: { column: 'need_id', match: 'is', value: Id },
    line: { column: 'line_id', match: 'is', value: Id },
    project: { column: 'project_id', match: 'is', value: Id },
    organisation: { column: 'organisation_id', match: 'is', value: Id },
    owner: { column: 'owner_id', match: 'is', value: Id },
    recipient: { column: 'recipient_id', match: 'is', value: Id },
    kind: { column: 'kind', match: 'is', value: PledgeKind },
    status: { column: 'status', match: 'is', value: PledgeStatus },
    unit: { column: 'unit', match: 'is', value: PledgeUnit },
  },
  sorts: { newest: { column: 'made_at', direction: 'desc' }, oldest: { column: 'made_at', direction: 'asc' } },
  facets: ['kind', 'status', 'unit'],
});
