import { FUND_STATUSES, FundResource } from '@concord/contracts';
import { Id } from '@concord/kernel';
import { defineList, defineResource, defineTable, type Presented } from '@concord/platform';
import { z } from 'zod';
import { Fund, balanceOf, openCommitments, type FundState } from './domain/fund.js';
import { anyone } from './policy.js';

type FundRow = { readonly id: string; readonly need_id: string; readonly recipient_id: string; readonly status: string };

/** One row per fund, written with its events. */
export const fundBoard = defineTable<FundRow>({
  name: 'fund_board',
  key: ['id'],
  columns: { id: 'uuid', need_id: 'text', recipient_id: 'text', status: 'text' },
});

/** The row of a fund in this state. */
export const fundRow = (id: string, fund: FundState): FundRow => ({
  id,
  need_id: fund.needId,
  recipient_id: fund.recipientId,
  status: fund.status,
});

function present({ id, version, state }: Presented<FundState>): z.input<typeof FundResource> {
  const { needId, ownerId, recipientId, status, suspended, purses, pendingRefund } = state;
  const balances = Object.entries(purses)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, purse]) => ({ currency, ...purse, balance: balanceOf(state, currency) }));
  return {
    id,
    version,
    needId,
    ownerId,
    recipientId,
    status,
    suspended,
    balances,
    openCommitments: openCommitments(state),
    pendingRefund: pendingRefund && {
      pledgeId: pendingRefund.pledgeId,
      organisationId: pendingRefund.organisationId,
      currency: pendingRefund.currency,
      quantity: pendingRefund.quantity,
      refundedOn: pendingRefund.refundedOn,
      at: pendingRefund.at,
    },
  };
}

/** The fund of a project as the API shows it. */
export const fundResource = defineResource<FundState, typeof FundResource>({
  aggregate: Fund,
  plural: 'funds',
  output: FundResource,
  present,
  readable: anyone,
  view: { table: fundBoard, row: fundRow },
});

/** `GET /funds` */
export const listFunds = defineList({
  name: 'listFunds',
  summary: 'Funds of projects; filtered by need, lead and status.',
  resource: fundResource,
  allows: anyone,
  visible: () => 'true',
  filters: {
    need: { column: 'need_id', match: 'is', value: Id },
    recipient: { column: 'recipient_id', match: 'is', value: Id },
    status: { column: 'status', match: 'is', value: z.enum(FUND_STATUSES) },
  },
  sorts: { id: { column: 'id', direction: 'asc' } },
  facets: ['status'],
});
