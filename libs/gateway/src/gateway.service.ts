import { defineService } from '@concord/platform';
import { feed } from './feed.js';
import { migrations } from './migrations.js';

/** The feed behind the realtime rooms. It has no resources: HTTP goes to the contexts. */
export const gateway = defineService({
  name: 'gateway',
  resources: [],
  commands: [],
  queries: [],
  reactions: [],
  consumers: [feed],
  projections: [],
  schedules: [],
  migrations,
  publishes: [],
  published: () => undefined,
});
