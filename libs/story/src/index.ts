export {
  CAST,
  emailOf,
  MEMBERS,
  ORGANISATIONS,
  SHARED_PASSWORD,
  type ActorKey,
  type CastOrganisation,
  type MemberKey,
  type OrganisationKey,
} from './cast.js';
export { BOOKS, CRITERIA, DOUBLE_ENTRY, INSTALMENTS, LINES, RECEIVED, REFUND, SCORES, SPENDING, type Amount } from './figures.js';
export type { Notification } from './people.js';
export { playStory, STEPS, type Played, type StoryOptions } from './play-story.js';
export { PLAN, SIGNERS, STANDING, type Planned } from './scenes/planning.js';
export { SCHOOL_MAP } from './scenes/pledging.js';
export { CONVERSION } from './scenes/table.js';
export { StoryFailed, type BegunStep, type Call, type Check, type PlayedStep, type TableRow } from './step.js';
