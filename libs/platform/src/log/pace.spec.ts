import { restMs, type Pace } from './pace.js';

const rest = (pace: Partial<Pace>) => restMs({ workedMs: 5, more: false, watched: false, busy: false, behindMs: 0, ...pace });

describe('the rest between two batches', () => {
  it.each<[string, Partial<Pace>, number]>([
    ['gathers a little', {}, 100],
    ['grows with the work', { workedMs: 40 }, 120],
    ['is no longer than the work while there is more', { workedMs: 400, more: true }, 400],
    ['is hardly any where people watch', { watched: true }, 2],
    ['gives way to commands', { busy: true }, 500],
    ['gives way to commands in proportion', { busy: true, workedMs: 100 }, 1_000],
    ['ends at two seconds', { busy: true, workedMs: 900 }, 2_000],
    ['shrinks when it has been behind for long', { busy: true, workedMs: 100, behindMs: 15_000 }, 500],
    ['is never less than the work', { busy: true, workedMs: 100, behindMs: 900_000 }, 100],
    ['gives way less where people watch', { busy: true, watched: true }, 150],
  ])('%s', (_what, pace, ms) => {
    expect(rest(pace)).toBe(ms);
  });
});
