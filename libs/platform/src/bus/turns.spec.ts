import { Turns } from './turns.js';

describe('turns', () => {
  it('run one after the other for a key, also after one that fails, and side by side for others', async () => {
    const turns = new Turns();
    const log: string[] = [];
    let finish!: () => void;
    const first = turns.take('a', async () => {
      await new Promise<void>((resolve) => (finish = resolve));
      log.push('first');
      throw new Error('first failed');
    });
    const second = turns.take('a', async () => log.push('second'));
    await turns.take('b', async () => log.push('other'));
    finish();
    await expect(first).rejects.toThrow('first failed');
    expect(await second).toBe(3);
    expect(log).toEqual(['other', 'first', 'second']);
  });
});
