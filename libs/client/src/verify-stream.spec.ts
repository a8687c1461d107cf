import { GENESIS_HASH, hashInput } from '@concord/contracts';
import { createHash } from 'node:crypto';
import { verifyStream, type ExportedStream } from './verify-stream.js';

const stream = '0197a000-0000-7000-8000-000000000001';

/** A stream as the platform writes it, hashed with another implementation of SHA-256. */
function exported(count: number): ExportedStream {
  let previous = GENESIS_HASH;
  const events = Array.from({ length: count }, (_, i) => {
    const event = {
      stream,
      version: i + 1,
      kind: 'NeedAmended',
      schemaVersion: 1,
      data: { n: i, text: 'Zomba – é' },
      meta: { at: '2026-01-01T00:00:00.000Z' },
    };
    previous = createHash('sha256').update(hashInput(previous, event)).digest('hex');
    return { ...event, hash: previous };
  });
  return { context: 'partnerships', kind: 'need', stream, version: count, events };
}
const faults = async (changed: ExportedStream) =>
  (await verifyStream(changed)).faults.map(({ version, fault }) => `${version} ${fault}`);

describe('verifyStream', () => {
  it('finds an honest export whole, and names its head', async () => {
    const honest = exported(5);
    expect(await verifyStream(JSON.parse(JSON.stringify(honest)) as ExportedStream)).toEqual({
      intact: true,
      events: 5,
      head: honest.events[4]!.hash,
      faults: [],
    });
    expect(await verifyStream(exported(0))).toMatchObject({ intact: true, events: 0, head: GENESIS_HASH });
  });

  it('finds an edit', async () => {
    const honest = exported(5);
    const events = honest.events.map((event) => (event.version === 3 ? { ...event, data: { n: 99 } } : event));
    expect(await faults({ ...honest, events })).toEqual(['3 wrong_hash']);
    const who = honest.events.map((event) =>
      event.version === 2 ? { ...event, meta: { at: '2027-01-01T00:00:00.000Z' } } : event,
    );
    expect(await faults({ ...honest, events: who })).toEqual(['2 wrong_hash']);
  });

  it('finds a removed event, a swap, a cut tail and a foreign event', async () => {
    const honest = exported(5);
    const [a, b, c, d, e] = honest.events as [never, never, never, never, never];
    expect(await faults({ ...honest, events: [a, b, d, e] })).toEqual(['4 missing_event', '4 wrong_hash']);
    expect(await faults({ ...honest, events: [a, c, b, d, e] })).toContain('3 missing_event');
    expect(await faults({ ...honest, events: [a, b, c, d] })).toEqual(['5 cut_tail']);
    expect(await faults({ ...honest, stream: 'another' })).toContain('1 foreign_event');
    expect(await faults({ ...honest, events: [b, c, d, e] })).toEqual(['2 missing_event', '2 wrong_hash']);
  });
});
