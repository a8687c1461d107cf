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
export type { Notification } from './people.js';
export { playStory, type Played, type StoryOptions } from './play-story.js';
export { StoryFailed, type BegunStep, type Call, type Check, type PlayedStep, type TableRow } from './step.js';
