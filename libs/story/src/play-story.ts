import { choosing, finality } from './scenes/choosing.js';
import { firstGoods, lastHours } from './scenes/delivering.js';
import { ending } from './scenes/ending.js';
import { returned, settle, work } from './scenes/milestones.js';
import { opening } from './scenes/opening.js';
import { committing, planning } from './scenes/planning.js';
import { pledging } from './scenes/pledging.js';
import { doubleEntry, firstSpending, lastSpending, secondSpending, thirdSpending } from './scenes/spending.js';
import { table } from './scenes/table.js';
import { Person, type Notification } from './people.js';
import { Stage } from './stage.js';
import { StoryFailed, type BegunStep, type PlayedStep, type Step, type TableRow } from './step.js';

/** Where and how far to play. */
export interface StoryOptions {
  /** Where Concord is: `http://127.0.0.1:3000`. */
  readonly baseUrl: string;
  /** A registrar that exists: the first administrator. */
  readonly registrar: { readonly email: string; readonly password: string };
  /** `half`: until the second milestone is paid. The end when absent. */
  readonly until?: 'half' | 'end';
  /** Tells this playing from others on the same server; letters and digits. Empty when absent, which works once. */
  readonly prefix?: string;
  /** Before a step is played, and after. */
  readonly onBegin?: (step: BegunStep) => void;
  readonly onStep?: (step: PlayedStep) => void;
  /** Whether everybody listens in their rooms, and the steps wait for what they should hear. True when absent; a seed is faster without. */
  readonly listening?: boolean;
  readonly onNotification?: (notification: Notification) => void;
}

/** What a playing leaves behind. */
export interface Played {
  readonly steps: number;
  readonly checks: number;
  readonly calls: number;
  /** Ids and hashes by their names in the story: `need`, `project`, `L1`, `P1`, `M1`, `organisation ministry`. */
  readonly names: Readonly<Record<string, string>>;
  readonly notifications: readonly Notification[];
  /** The table at the end; empty after half of the story. */
  readonly table: readonly TableRow[];
}

/** Scenes overlap, as they do in life: their steps are played in the order of their days. */
const inOrder = (...scenes: readonly (readonly Step[])[]): readonly Step[] => scenes.flat().sort((a, b) => a.day - b.day);

const FIRST_HALF = inOrder(
  opening,
  pledging,
  choosing,
  planning,
  finality,
  committing,
  work(1, { from: 56, submitted: 88 }, 'Sixty survey sheets, one a site'),
  settle(1, 1, { signed: 90, accepted: 92, released: 93, paid: 95 }),
  firstGoods,
  firstSpending,
  work(2, { from: 151, submitted: 176 }, 'Thirty school reports and the lists of 180 teachers'),
  returned,
  settle(2, 2, { signed: 190, accepted: 191, released: 192, paid: 194 }),
);

const SECOND_HALF = inOrder(
  lastHours,
  secondSpending,
  work(3, { from: 252, submitted: 296 }, 'Sixty school reports and the lists of 372 teachers'),
  doubleEntry,
  settle(3, 1, { signed: 300, accepted: 301, released: 310, paid: 312 }),
  work(4, { from: 316, submitted: 360 }, 'Minutes of the handover to two districts'),
  thirdSpending,
  settle(4, 1, { signed: 362, accepted: 364, released: 365, paid: 367 }),
  lastSpending,
  ending,
  table,
);

const REGISTRAR = 'Registrar One';

/** The steps of the whole story in the order they are played, without how: for those who play them another way. */
export const STEPS: readonly Pick<Step, 'day' | 'title' | 'actor'>[] = [...FIRST_HALF, ...SECOND_HALF].map(
  ({ day, title, actor }) => ({ day, title, actor }),
);

async function prepare({ baseUrl, registrar, prefix = '', listening = true, onNotification }: StoryOptions): Promise<Stage> {
  const stage = new Stage(
    baseUrl.replace(/\/+$/u, ''),
    prefix,
    listening ? (notification) => onNotification?.(notification) : undefined,
  );
  stage.enter('registrar', await Person.signIn(stage.baseUrl, { name: REGISTRAR, ...registrar }));
  await stage.begin();
  return stage;
}

/**
 * Plays the story against a running server, as its organisations. Business time is moved, so the server must allow that (no
 * production). Throws `StoryFailed` with the step when a figure is not the story's.
 */
export async function playStory(options: StoryOptions): Promise<Played> {
  const steps = options.until === 'half' ? FIRST_HALF : [...FIRST_HALF, ...SECOND_HALF];
  const stage = await prepare(options);
  let [calls, checks] = [0, 0];
  try {
    for (const [index, step] of steps.entries()) {
      const { day, title, actor } = step;
      const begun = { number: index + 1, total: steps.length, day, title, actor: stage.nameOf(actor) };
      options.onBegin?.(begun);
      const played = await playStep(stage, step, begun);
      calls += played.calls.length;
      checks += played.checks.length;
      options.onStep?.(played);
    }
  } finally {
    for (const person of stage.everyone()) person.close();
  }
  return { steps: steps.length, checks, calls, names: stage.names(), notifications: stage.notifications(), table: stage.table };
}

async function playStep(stage: Stage, step: Step, begun: BegunStep): Promise<PlayedStep> {
  const { number, day, title } = begun;
  stage.turn();
  try {
    await stage.moveTo(day);
    await step.play(stage);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new StoryFailed(`Step ${number}, day ${day}, "${title}": ${message}`, { cause: error });
  }
  return { ...begun, calls: stage.calls, checks: stage.checks };
}
