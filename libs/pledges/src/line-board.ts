import { LINE_STATUSES, LineResource, PledgeKind, PledgeUnit } from '@concord/contracts';
import { Id } from '@concord/kernel';
import { defineList, defineResource, defineTable, type Presented } from '@concord/platform';
import { z } from 'zod';
import { Line, openCapacity, type LineState } from './domain/line.js';
import { anyone } from './policy.js';

type LineRow = {
  readonly id: string;
  readonly need_id: string;
  readonly owner_id: string;
  readonly kind: string;
  readonly unit: string;
  readonly title: string;
  readonly status: string;
  readonly target: number;
  readonly minimum: number | undefined;
  readonly reserved: number;
  readonly confirmed: number;
  readonly delivered: number;
};

/** One row per line, written with its events. */
export const lineBoard = defineTable<LineRow>({
  name: 'line_board',
  key: ['id'],
  columns: {
    id: 'uuid',
    need_id: 'text',
    owner_id: 'text',
    kind: 'text',
    unit: 'text',
    title: 'text',
    status: 'text',
    target: 'bigint',
    minimum: 'bigint',
    reserved: 'bigint',
    confirmed: 'bigint',
    delivered: 'bigint',
  },
});

/** The row of a line in this state. */
export const lineRow = (id: string, line: LineState): LineRow => ({
  id,
  need_id: line.needId,
  owner_id: line.ownerId,
  kind: line.kind,
  unit: line.unit,
  title: line.title,
  status: line.status,
  target: line.target,
  minimum: line.minimum,
  reserved: line.reserved,
  confirmed: line.confirmed,
  delivered: line.delivered,
});

function present({ id, version, state }: Presented<LineState>): z.input<typeof LineResource> {
  const { asked: _asked, ...line } = state;
  return {
    id,
    version,
    ...line,
    pledged: line.reserved + line.confirmed,
    open: line.status === 'open' ? openCapacity(state) : 0,
    gap: line.target - line.confirmed,
  };
}

/** A line as the API shows it. */
export const lineResource = defineResource<LineState, typeof LineResource>({
  aggregate: Line,
  plural: 'lines',
  output: LineResource,
  present,
  readable: anyone,
  view: { table: lineBoard, row: lineRow },
});

/** `GET /lines` */
export const listLines = defineList({
  name: 'listLines',
  summary: 'Lines of published needs with their capacity; filtered by need, owner, kind, unit and status.',
  resource: lineResource,
  allows: anyone,
  visible: () => 'true',
  filters: {
    need: { column: 'need_id', match: 'is', value: Id },
    owner: { column: 'owner_id', match: 'is', value: Id },
    kind: { column: 'kind', match: 'is', value: PledgeKind },
    unit: { column: 'unit', match: 'is', value: PledgeUnit },
    status: { column: 'status', match: 'is', value: z.enum(LINE_STATUSES) },
  },
  sorts: { title: { column: 'title', direction: 'asc' } },
  facets: ['kind', 'unit', 'status'],
});
