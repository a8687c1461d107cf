import type { Acting } from '../../facts.js';

/** Approvers are editors too; every member may look (R20 asks besides for a verified organisation, which `verified` says). */
const HOLDERS: Readonly<Record<'approver' | 'editor', readonly string[]>> = {
  approver: ['approver'],
  editor: ['editor', 'approver'],
};

/** Whether it is worth offering a step to somebody who acts in one of these roles; the API decides. */
export const may = (acting: Acting | undefined, role: 'approver' | 'editor'): boolean =>
  acting !== undefined && acting.roles.some((held) => HOLDERS[role].includes(held));

/** As `may`, for a step that only a verified organisation takes (R20). */
export const mayBind = (acting: Acting | undefined, role: 'approver' | 'editor'): boolean =>
  may(acting, role) && acting?.standing === 'verified';
