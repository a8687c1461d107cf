import { ProjectOpened, ProposalAccepted } from '@concord/contracts';
import { defineReaction } from '@concord/platform';
import { Backing, BackingBound } from './domain/backing.js';
import { Project } from './domain/project.js';

/** The accepted proposal becomes a project, under the id that partnerships made and pledges uses for the fund. */
export const onProposalAccepted = defineReaction({
  name: 'on-proposal-accepted',
  from: 'partnerships',
  on: ProposalAccepted,
  reads: ({ data }) => [
    { aggregate: Project, id: data.projectId },
    { aggregate: Backing, id: data.needId },
  ],
  decide(decision) {
    const { subject: proposalId, data } = decision.event;
    const { needId, ownerId, leadId, partnerIds, projectId, title, country, sdgTargets, lines } = data;
    const taken = lines.map(({ lineId, kind, title: line, minimum, recipient }) => ({
      lineId,
      kind,
      title: line,
      recipient,
      ...(minimum === undefined ? {} : { minimum }),
    }));
    const opened = { needId, proposalId, stewardId: ownerId, leadId, partnerIds, title, country, sdgTargets, lines: taken };
    decision.append(Project, projectId, ProjectOpened(opened));
    decision.append(Backing, needId, BackingBound({ projectId }));
  },
});
