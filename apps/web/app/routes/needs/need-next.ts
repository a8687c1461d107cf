import type { NeedResource } from '@concord/contracts';
import type { z } from 'zod';

type Need = z.output<typeof NeedResource>;

/** What happens next with a need: key of the sentence, who acts (an id, or a word), by when, and what this reader may do now. */
export interface Next {
  readonly action: string;
  readonly who: { readonly organisation: string } | { readonly word: string };
  readonly by?: string;
  readonly to?: string;
  readonly button?: string;
}

/** The next step of a need, from its state alone; buttons only for those whose turn it is. `acting` is the organisation of the reader. */
export function nextOf(need: Need, acting: string | undefined): Next {
  const { id, status, organisationId, endorserIds, intakeClosesAt, validUntil, award } = need;
  const owner = { organisation: organisationId };
  const mine = acting === organisationId;
  const own = (to: string, button: string) => (mine ? { to: `/needs/${id}${to}`, button } : {});
  switch (status) {
    case 'draft':
      return { action: 'needs:next.draft', who: owner, ...own('/edit', 'needs:do.edit') };
    case 'submitted': {
      const [endorser] = endorserIds;
      if (endorser === undefined) return { action: 'needs:next.publish', who: owner, ...own('/publish', 'needs:do.publish') };
      const turn = acting !== undefined && endorserIds.includes(acting);
      return {
        action: 'needs:next.endorse',
        who: { organisation: endorser },
        ...(turn ? { to: `/needs/${id}/endorse`, button: 'needs:do.endorse' } : {}),
      };
    }
    case 'endorsed':
      return { action: 'needs:next.publish', who: owner, ...own('/publish', 'needs:do.publish') };
    case 'published':
      return {
        action: 'needs:next.published',
        who: { word: 'needs:who.anyone' },
        ...(intakeClosesAt === undefined ? {} : { by: intakeClosesAt }),
        ...(mine ? {} : { to: `/needs/${id}/propose`, button: 'needs:do.propose' }),
      };
    case 'matching':
      return {
        action: 'needs:next.matching',
        who: owner,
        ...(validUntil === undefined ? {} : { by: validUntil }),
        ...own('/proposals', 'needs:do.review'),
      };
    case 'partnered':
      if (award && !award.final) return { action: 'needs:next.appeal', who: { word: 'needs:who.parties' }, by: award.finalFrom };
      return {
        action: 'needs:next.partnered',
        who: award ? { organisation: award.leadId } : owner,
        ...(award ? { to: `/projects/${award.projectId}`, button: 'needs:do.project' } : {}),
      };
    case 'closed':
    case 'withdrawn':
    case 'expired':
      return { action: `needs:next.${status}`, who: { word: 'needs:who.nobody' } };
  }
}
