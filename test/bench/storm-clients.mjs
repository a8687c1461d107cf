// Readers that all lose their connection at once and come back at once. Asked `open`, `cut`, `storm`; a reader is back when it has
// joined its room where it was and has everything that happened meanwhile.
import { serve } from './child.mjs';
import { openAll } from './sockets.mjs';

const AT_ONCE = 500;
let settings = [];
let readers = [];

serve({
  /** `given`: port, path, raw, count, rooms, token. Connects every reader, at rest. */
  open: async ({ count, rooms, ...given }) => {
    settings = Array.from({ length: count }, (_, n) => ({ ...given, ...(rooms && { room: rooms[n % rooms.length] }) }));
    readers = await openAll(settings, () => undefined);
  },
  cut: () => {
    for (const [n, reader] of readers.entries()) {
      settings[n] = { ...settings[n], from: { epoch: reader.epoch, offset: reader.last } };
      reader.cut();
    }
    return readers.map(({ last }) => last).reduce((sum, last) => sum + last, 0);
  },
  /** Resolves with the milliseconds until the last one is back, what each has now in sum, and how often an offset was wrong. */
  storm: async () => {
    const started = performance.now();
    readers = await openAll(settings, () => undefined, AT_ONCE);
    return {
      ms: performance.now() - started,
      offsets: readers.reduce((sum, { last }) => sum + last, 0),
      faults: readers.reduce((sum, { faults }) => sum + faults, 0),
    };
  },
});
