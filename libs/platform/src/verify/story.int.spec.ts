import { startConcord, type TestConcord } from '@concord/testing';
import { uuidv7 } from '../clock.js';
import { library, readers } from '@concord/testing';
import { storyOf, type Story } from './story.js';

const running: TestConcord[] = [];
afterEach(async () => {
  for (const concord of running.splice(0)) await concord.stop();
});

/** Tells a small story to a new installation, with ids and times of its own. */
async function told(titles: readonly (readonly string[])[]): Promise<Story> {
  const concord = await startConcord({ services: [library, readers] });
  running.push(concord);
  const actor = await concord.actor({ organisation: uuidv7() });
  for (const [n, books] of titles.entries()) {
    const { body } = await actor.ok('/shelves', { name: `shelf ${n}`, room: 9 });
    for (const title of books) await actor.ok(`/shelves/${body.id}/put`, { title });
  }
  await concord.settle();
  return storyOf(concord.platform.contexts.values());
}

describe('what two installations share after a story', () => {
  it('is the same for the same story under other ids, and another for another story', async () => {
    const first = await told([['a', 'b'], ['c']]);
    expect(await told([['a', 'b'], ['c']])).toEqual(first);
    const other = await told([['a'], ['b', 'c']]);
    expect(other.hash).not.toBe(first.hash);
    expect(other.streams).not.toEqual(first.streams);
  });
});
