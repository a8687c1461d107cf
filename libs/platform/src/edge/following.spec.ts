import { Following, secondsToWait } from './following.js';

describe('Prefer: wait', () => {
  it.each([
    [undefined, 0],
    ['', 0],
    ['return=minimal', 0],
    ['wait=3', 3],
    ['return=minimal, wait = 2', 2],
    ['respond-async; wait="4"', 4],
    ['wait=99999', 5],
    ['await=3', 0],
    ['wait=-1', 0],
  ])('%j asks for %i seconds', (header, seconds) => expect(secondsToWait(header)).toBe(seconds));
});

describe('waiting for what follows', () => {
  const controlled = () => {
    const rounds: (() => void)[] = [];
    const following = new Following(() => new Promise<void>((resolve) => rounds.push(resolve)));
    return { rounds, following };
  };

  it('costs nothing when it is not asked for', async () => {
    const { rounds, following } = controlled();
    await following.wait(0);
    expect(rounds).toHaveLength(0);
  });

  it('never lets a caller join a round that began before it, and lets all who come meanwhile share the next', async () => {
    const { rounds, following } = controlled();
    const ended: string[] = [];
    const first = following.wait(5).then(() => ended.push('first'));
    const later = [following.wait(5), following.wait(5)].map((one) => one.then(() => ended.push('later')));
    expect(rounds).toHaveLength(1);
    rounds[0]!();
    await first;
    expect(ended).toEqual(['first']);
    expect(rounds).toHaveLength(2);
    rounds[1]!();
    await Promise.all(later);
    expect(rounds).toHaveLength(2);
  });

  it('ends when its time is over, and after a round that failed the next one runs', async () => {
    const never = new Following(() => new Promise(() => undefined));
    await never.wait(0.01);
    let rounds = 0;
    const failing = new Following(async () => {
      rounds += 1;
      throw new Error('away');
    });
    await failing.wait(5);
    await failing.wait(5);
    expect(rounds).toBe(2);
  });
});
