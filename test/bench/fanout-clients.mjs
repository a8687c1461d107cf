// Readers of one rival of the fan-out. Asked `open`, it connects so many more; it tells {done} when every reader has one more event.
import { randomUUID } from 'node:crypto';
import { openAll } from './sockets.mjs';
import { serve } from './child.mjs';

const readers = [];
/** How many readers have had each offset. */
const had = new Map();

function received(_buffer, _start, _end, offset) {
  const count = (had.get(offset) ?? 0) + 1;
  if (count < readers.length) return void had.set(offset, count);
  had.delete(offset);
  process.send({ done: offset });
}

serve({
  open: async ({ count, port, room, join, raw }) => {
    const settings = Array.from({ length: count }, () => ({ port, raw, ...(join ? { token: randomUUID(), room } : {}) }));
    readers.push(...(await openAll(settings, received)));
  },
  faults: () => ({ wrong: readers.reduce((sum, { faults }) => sum + faults, 0), unfinished: had.size }),
});
