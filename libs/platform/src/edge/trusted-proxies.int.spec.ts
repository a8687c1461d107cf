import { library, testDatabase } from '@concord/testing';
import { SystemClock } from '../clock.js';
import { provision } from '../database/provision.js';
import { Platform } from '../platform.js';

// A request counts on the allowance of its address, so the allowance shows which address was believed.

const running: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of running.splice(0).reverse()) await stop();
});

async function statusesFrom(addresses: readonly string[], trustedProxies?: string): Promise<number[]> {
  const database = await testDatabase();
  running.push(() => database.drop());
  const platform = await Platform.start({
    services: [library],
    accesses: await provision(database.url, [library.name]),
    clock: new SystemClock(),
    standingChanges: () => [],
    version: 'spec',
    rateLimit: { perSecond: 0.001, burst: 2 },
    // Alone in its process: nothing else is there to be followed.
    bus: () => ({
      subscribe: () => undefined,
      start: async () => undefined,
      stop: async () => undefined,
      settled: async () => undefined,
      caughtUp: async () => undefined,
      wake: () => undefined,
      ageMs: () => 0,
      relayAgeMs: () => 0,
      listenerAgeMs: () => 0,
    }),
    ...(trustedProxies === undefined ? {} : { trustedProxies }),
    failed: (where, error) => expect({ where, error }).toBeUndefined(),
  });
  running.push(() => platform.stop());
  const http = await platform.http();
  running.push(() => http.close());
  const port = await http.listen(0, '127.0.0.1');
  const statuses: number[] = [];
  for (const address of addresses) {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/checkpoints/${library.name}`, {
      headers: { 'x-forwarded-for': address },
    });
    statuses.push(response.status);
  }
  return statuses;
}

describe('X-Forwarded-For', () => {
  it('is believed from a trusted proxy: each caller has an allowance', async () => {
    expect(await statusesFrom(['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.3', '192.0.2.3'], '127.0.0.1/32')).toEqual([
      200, 200, 200, 200, 429,
    ]);
  });

  it.each([undefined, '10.0.0.0/8'])('is not believed from anybody else (trusted: %s)', async (trusted) => {
    expect(await statusesFrom(['192.0.2.1', '192.0.2.2', '192.0.2.3'], trusted)).toEqual([200, 200, 429]);
  });
});
