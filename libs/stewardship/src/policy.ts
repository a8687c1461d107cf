import { acting, of } from '@concord/access';
import { assert, type Subject } from '@concord/kernel';

/** Projects, milestones and reports know both sides. */
interface Sides {
  readonly leadId: string;
  readonly stewardId: string;
}

const lead = ({ leadId }: Sides) => leadId;
const steward = ({ stewardId }: Sides) => stewardId;
const either = ({ leadId, stewardId }: Sides) => [leadId, stewardId];

/** Le: who starts milestones. */
export const leadEditor = of<Sides>('editor', 'the lead', lead);

/** La: who proposes plans, submits and finishes. */
export const leadApprover = of<Sides>('approver', 'the lead', lead);

/** Sa: who starts, suspends, releases and closes. */
export const stewardApprover = of<Sides>('approver', 'the steward', steward);

/** Either side's editors keep the stewardship plan. */
export const eitherEditor = of<Sides>('editor', 'the lead or the steward', either);

/** Either side's approvers rate the partnership. */
export const eitherApprover = of<Sides>('approver', 'the lead or the steward', either);

/** Whoever works on a milestone, in the field too. */
export const evidenceGatherer = of<Sides & { readonly partnerIds: readonly string[] }>(
  'field',
  'the lead or a partner',
  ({ leadId, partnerIds }) => [leadId, ...partnerIds],
);

/** Approvers of the organisations that have to sign a milestone. */
export const signerApprover = of<{ readonly signers: readonly { readonly organisationId: string }[] }>(
  'approver',
  'a signer of the milestone',
  ({ signers }) => signers.map(({ organisationId }) => organisationId),
);

/** Plans are signed for organisations that only the decision knows: those with a live funding pledge (`not_a_signer`). */
export const planSigner = acting('approver');

/** Files come from those who gather evidence or write for a verified organisation. */
export const uploader = acting('field');

/** Who acts, where the policy has made sure that it is a person for an organisation. */
export function actorOf(subject: Subject): { readonly person: string; readonly organisation: string } {
  assert(subject.organisation !== undefined, 'the policy lets only those through who act for an organisation');
  return { person: subject.person, organisation: subject.organisation };
}
