import { together } from './together.js';

/** Runs with what they were given; a number below zero makes a run fail. */
function trial() {
  const runs: (readonly number[])[] = [];
  const run = together<number>(async (items) => {
    runs.push(items);
    const bad = items.find((item) => item < 0);
    if (bad !== undefined) throw new Error(`no ${bad}`);
  });
  return { runs, run };
}

describe('calls of one turn', () => {
  it('share one run, in their order', async () => {
    const { runs, run } = trial();
    await Promise.all([run([1, 2]), run([3]), run([])]);
    await run([4]);
    expect(runs).toEqual([[1, 2, 3], [4]]);
  });

  it('run by themselves when the shared run fails, and only the bad one fails', async () => {
    const { runs, run } = trial();
    const ends = await Promise.allSettled([run([1]), run([2, -3]), run([4])]);
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(ends[1]).toMatchObject({ reason: new Error('no -3') });
    expect(runs).toEqual([[1, 2, -3, 4], [1], [2, -3], [4]]);
  });

  it('fail once when there is only one', async () => {
    const { runs, run } = trial();
    await expect(run([-1])).rejects.toThrow('no -1');
    expect(runs).toEqual([[-1]]);
  });
});
