import { busSuite } from '@concord/testing';
import { InProcessBus } from './in-process.js';

busSuite('in process', ({ sources, failed }) => new InProcessBus(sources, failed));

it('refuses to start with a listener to a context that does not run here', async () => {
  const bus = new InProcessBus(new Map(), () => undefined);
  bus.subscribe({ group: 'pledges', from: 'needs', handle: async () => undefined });
  await expect(bus.start()).rejects.toThrow('pledges listens to needs, which does not run in this process');
});
