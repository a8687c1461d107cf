import { ProjectCancelled, ProjectClosed } from '@concord/contracts';
import { defineReaction } from '@concord/platform';
import { closeWithProject } from './domain/need-closing.js';
import { Need } from './domain/need.js';

/** The project reached its end: the need closes with partners. */
export const onProjectClosed = defineReaction({
  name: 'on-project-closed',
  from: 'stewardship',
  on: ProjectClosed,
  reads: ({ data }) => [{ aggregate: Need, id: data.needId }],
  decide: (decision) => {
    const { subject, data } = decision.event;
    const events = closeWithProject(decision.read(Need, data.needId).state, subject);
    if (events.length > 0) decision.append(Need, data.needId, ...events);
  },
});

/** The project was cancelled: the need closes as cancelled, for the same reason. */
export const onProjectCancelled = defineReaction({
  name: 'on-project-cancelled',
  from: 'stewardship',
  on: ProjectCancelled,
  reads: ({ data }) => [{ aggregate: Need, id: data.needId }],
  decide: (decision) => {
    const { subject, data } = decision.event;
    const events = closeWithProject(decision.read(Need, data.needId).state, subject, data.reason);
    if (events.length > 0) decision.append(Need, data.needId, ...events);
  },
});
