import { STEPS } from '@concord/story';
import { choosing } from './spine/choosing.js';
import { delivering } from './spine/delivering.js';
import { ending } from './spine/ending.js';
import { milestones } from './spine/milestones.js';
import { opening } from './spine/opening.js';
import { planning } from './spine/planning.js';
import { Play, type Clicks } from './spine/play.js';
import { pledging } from './spine/pledging.js';
import { spending } from './spine/spending.js';
import { table } from './spine/table.js';

// The whole story (domain.md section 6) by clicks: the same steps, days and figures as @concord/story plays through the API, taken
// in the pages by the people of its organisations on a platform that begins empty; once with scripts, once without.

const CLICKS: readonly Clicks[] = [
  ...opening,
  ...pledging,
  ...choosing,
  ...planning,
  ...milestones,
  ...delivering,
  ...spending,
  ...ending,
  ...table,
];

const clicksFor = (title: string): readonly Clicks[] => CLICKS.filter(({ told }) => told.test(title));

it('every step of the story is played by clicks, in one way, and nothing else is', () => {
  expect(STEPS.filter(({ title }) => clicksFor(title).length !== 1).map(({ title }) => title)).toEqual([]);
  expect(CLICKS.filter(({ told }) => !STEPS.some(({ title }) => told.test(title))).map(String)).toEqual([]);
});

describe.each([
  ['with scripts', true],
  ['without scripts', false],
] as const)('the story by clicks, %s', (_how, scripts) => {
  let play: Play | undefined;
  /** The step that failed: those after it cannot be played. */
  let failed: string | undefined = 'the start';

  beforeAll(async () => {
    play = await Play.open(scripts);
    failed = undefined;
  });

  afterAll(() => play?.close());

  it.each(STEPS.map((step) => ({ ...step, named: `day ${step.day}: ${step.title}` })))('$named', async ({ day, title, actor }) => {
    if (!play || failed !== undefined) throw new Error(`Not played: "${failed}" failed before.`);
    failed = title;
    const [{ told, play: clicks }] = clicksFor(title) as [Clicks];
    await play.begin(day);
    await clicks(play, told.exec(title)!.slice(1), actor);
    failed = undefined;
  });
});
