import { CAST, emailOf, MEMBERS, playStory, SHARED_PASSWORD } from '@concord/story';
import type { Administrator, Running } from './compose.js';

/** An account of the demo, as the announcement lists it. */
export interface DemoAccount {
  readonly email: string;
  readonly who: string;
}

/** Every account of the demo; all of them have the shared password. */
export const DEMO_ACCOUNTS: readonly DemoAccount[] = [
  { email: emailOf('registrar'), who: 'Registrar One, first registrar' },
  { email: emailOf('registrar2'), who: 'Registrar Two, second registrar' },
  ...MEMBERS.map(({ key, name, organisation }) => ({ email: emailOf(key), who: `${name}, ${CAST[organisation].name}` })),
];

/** The first account of a demo: the registrar of the story. */
export const DEMO_ADMINISTRATOR: Administrator = { name: 'Registrar One', email: emailOf('registrar'), password: SHARED_PASSWORD };

/**
 * Plays the first half of the story on an empty platform, through its own port: a newcomer finds a half-delivered project. Does
 * nothing where there is an organisation already. Returns how many steps were played.
 */
export async function seed({ url, platform }: Running, progress: (line: string) => void): Promise<number> {
  const { database } = platform.context('directory');
  const [known] = await database.query('SELECT 1 FROM organisations LIMIT 1');
  if (known) return 0;
  const { email, password } = DEMO_ADMINISTRATOR;
  const { steps } = await playStory({
    baseUrl: url,
    registrar: { email, password },
    until: 'half',
    listening: false,
    onStep: ({ number, total, day, title }) => progress(`Seeding the demo ${number}/${total}, day ${day}: ${title}`),
  });
  return steps;
}
