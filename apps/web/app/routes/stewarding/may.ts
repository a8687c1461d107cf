import type { Acting } from '../../facts.js';

/** A role of an organisation that a step of stewardship asks for. */
export type StepRole = 'field' | 'editor' | 'approver';

/** Approvers are editors too, and editors may do what field workers do (domain.md section 2). */
const IMPLIED: Readonly<Record<StepRole, readonly string[]>> = {
  field: ['field', 'editor', 'approver'],
  editor: ['editor', 'approver'],
  approver: ['approver'],
};

/** Whether it is worth offering a step; the API decides. Only verified organisations take steps (R20). */
export function may(acting: Acting | undefined, role: StepRole, organisations: readonly (string | undefined)[]): boolean {
  return (
    acting !== undefined &&
    acting.standing === 'verified' &&
    organisations.includes(acting.id) &&
    acting.roles.some((held) => IMPLIED[role].includes(held))
  );
}
