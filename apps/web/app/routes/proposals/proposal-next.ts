import type { Need, Proposal } from './proposal.server.js';
import type { Step } from './steps.js';

/** What happens next with a proposal: key of the sentence, who acts, by when, and the step. */
export interface Next {
  readonly action: string;
  readonly who?: string;
  readonly by?: string | undefined;
  readonly step?: Step;
}

/** The next step of a proposal, from its own state and the dates of its need. */
export function nextOf({ status, stage, leadId, ownerId, pendingApproval }: Proposal, need: Need): Next {
  switch (status) {
    case 'draft':
      return { action: 'proposals:next.draft', who: leadId, by: need.intakeClosesAt, step: 'submit' };
    case 'submitted':
      return { action: 'proposals:next.submitted', who: ownerId, by: need.intakeClosesAt };
    case 'in_review':
      return { action: 'proposals:next.in_review', who: ownerId, by: need.validUntil, step: 'shortlist' };
    case 'shortlisted': {
      const what = stage === 'concept_note' ? 'note' : pendingApproval ? 'second' : 'shortlisted';
      return {
        action: `proposals:next.${what}`,
        who: ownerId,
        by: need.validUntil,
        step: stage === 'concept_note' ? 'invite' : 'accept',
      };
    }
    case 'accepted':
    case 'declined':
    case 'withdrawn':
      return { action: `proposals:next.${status}` };
  }
}
