import { hash, verify } from '@node-rs/argon2';
import { Refused } from '@concord/kernel';
import { GUESSABLE_WORDS, KEYBOARD_RUNS } from './guessable-passwords.js';

/** OWASP's argon2id parameters: 19 MiB, two passes, one lane; the algorithm is the library's default, argon2id. */
const ARGON = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const;

/** Characters at least (ASVS asks for 8; without a second factor we ask for a little more). */
export const PASSWORD_LENGTH_MIN = 10;
const DISTINCT_MIN = 5;
/** Letters at least for what is left of a password to be judged: a shorter word is not what the password stands on. */
const BARE_MIN = 4;
/** Hashes under way and waiting at most: each takes 19 MiB and tens of milliseconds of a core. */
const PENDING_MAX = 64;

let pending = 0;

async function bounded<T>(work: () => Promise<T>): Promise<T> {
  if (pending >= PENDING_MAX)
    throw new Refused('throttled', 'Too many people sign in at this moment. Try again in a second.', { retryAfterSeconds: 1 });
  pending += 1;
  try {
    return await work();
  } finally {
    pending -= 1;
  }
}

/** The same password typed on different keyboards is the same text. */
const normal = (password: string): string => password.normalize('NFKC');

/** Hashes a password off the main thread. */
export const hashPassword = (password: string): Promise<string> => bounded(() => hash(normal(password), ARGON));

// Made once, by the same parameters: checking against it takes as long as checking against the hash of a real account.
let stranger: Promise<string> | undefined;

/** Whether the password belongs to the hash; an unknown account (no hash) takes as long and never matches. */
export async function passwordMatches(passwordHash: string | undefined, password: string): Promise<boolean> {
  stranger ??= hash('nobody has this password', ARGON);
  const against = passwordHash ?? (await stranger);
  const matches = await bounded(() => verify(against, normal(password)));
  return matches && passwordHash !== undefined;
}

const LEET: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'l',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};

const letters = (text: string): string => text.replace(/[^\p{L}]/gu, '');
const undecorated = (text: string): string => text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
const unleet = (text: string): string => [...text].map((character) => LEET[character] ?? character).join('');

/** What is left of a password without the digits and signs that people dress a word up with. */
const bare = (text: string): string[] =>
  [text, undecorated(text), letters(text), letters(unleet(undecorated(text)))].filter((form) => form !== '');

/** Whether a text is one of the runs of keys people type, forwards or backwards, possibly repeated. */
function isRun(text: string): boolean {
  return KEYBOARD_RUNS.some((run) => {
    const longest = run.repeat(Math.ceil(text.length / run.length) + 1);
    return longest.includes(text) || longest.includes([...text].reverse().join(''));
  });
}

/** Whether a text is a common word, once or repeated. */
const isCommon = (text: string): boolean =>
  GUESSABLE_WORDS.some((word) => word.repeat(Math.ceil(text.length / word.length)) === text);

/**
 * Refuses a password that is short, common, a run of keys, or made of the person's own name or address: `weak_password`. No rule
 * about kinds of characters: they make passwords worse.
 */
export function requireStrongPassword(password: string, own: readonly string[]): void {
  const lower = normal(password).toLowerCase();
  const weak = (why: string): never => {
    throw new Refused(
      'weak_password',
      `${why} Choose at least ${PASSWORD_LENGTH_MIN} characters that others do not guess, such as four unrelated words.`,
      {
        lengthMin: PASSWORD_LENGTH_MIN,
      },
    );
  };
  if ([...lower].length < PASSWORD_LENGTH_MIN) weak('This password is too short.');
  if (new Set(lower).size < DISTINCT_MIN) weak('This password repeats a few characters.');
  if (bare(lower).some((form) => [...form].length >= BARE_MIN && (isRun(form) || isCommon(form))))
    weak('This password is one of the common ones.');
  const words = own
    .flatMap((word) => [normal(word).toLowerCase(), letters(normal(word).toLowerCase())])
    .filter((word) => [...word].length >= BARE_MIN);
  if (words.some((word) => lower.includes(word) && lower.length - word.length < PASSWORD_LENGTH_MIN / 2))
    weak('This password is little more than your name or address.');
}
