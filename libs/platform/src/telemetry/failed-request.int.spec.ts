import { testDatabase } from '@concord/testing';
import { Writable } from 'node:stream';
import { z } from 'zod';
import { AdjustableClock, uuidv7 } from '../clock.js';
import { provision } from '../database/provision.js';
import type { HttpServer } from '../edge/server.js';
import { Platform } from '../platform.js';
import { defineAction, defineService } from '../service/definitions.js';
import { createLogger, reporter } from './logger.js';

// A request that fails by a bug, through real HTTP and a real database: what its caller and what the log learn.

const nothing = {
  resources: [],
  commands: [],
  queries: [],
  reactions: [],
  projections: [],
  schedules: [],
  migrations: [],
  published: () => undefined,
  publishes: [],
} as const;
const directory = defineService({ ...nothing, name: 'directory' });
const clumsy = defineService({
  ...nothing,
  name: 'clumsy',
  actions: [
    defineAction({
      name: 'stumble',
      summary: 'Fails with what it was sent in its hands',
      method: 'POST',
      path: '/stumbles',
      input: z.strictObject({ email: z.string(), password: z.string() }),
      output: z.object({}),
      allows: { label: 'everyone', permits: () => true },
      withoutKey: 'it never has an effect',
      run: async ({ input, db }) => {
        const { email, password } = input as { email: string; password: string };
        await db.query('SELECT $1::uuid', [email]).catch((cause: unknown) => {
          throw new Error(`could not sign in ${email} with password=${password}`, { cause });
        });
        return { body: {} };
      },
    }),
  ],
});

let platform: Platform;
let http: HttpServer;
let url: string;
let drop: () => Promise<void>;
const lines: string[] = [];

beforeAll(async () => {
  const database = await testDatabase();
  drop = database.drop;
  const stream = new Writable({ write: (chunk, _encoding, done) => (lines.push(String(chunk)), done()) });
  platform = await Platform.start({
    services: [directory, clumsy],
    accesses: await provision(database.url, ['directory', 'clumsy']),
    clock: new AdjustableClock(),
    standingChanges: () => [],
    version: 'spec',
    rateLimit: { perSecond: 1e6, burst: 1e6 },
    failed: reporter(createLogger('spec', 'info', stream)),
  });
  http = await platform.http();
  url = `http://127.0.0.1:${await http.listen(0, '127.0.0.1')}/api/v1/stumbles`;
});
afterAll(async () => {
  await http.close();
  await platform.stop();
  await drop();
});

it('is logged once, with the id that its caller was given, and without what the caller sent', async () => {
  for (let n = 0; n < 20; n += 1) {
    const secrets = { email: `person-${n}@somewhere.example`, password: `correct-horse-${n}` };
    const given = n % 2 === 0 ? uuidv7() : undefined;
    const response = await fetch(`${url}?q=${encodeURIComponent(secrets.email)}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(given === undefined ? {} : { 'x-correlation-id': given }) },
      body: JSON.stringify(secrets),
    });
    const text = await response.text();
    expect(response.status).toBe(500);
    const correlation = response.headers.get('x-correlation-id');
    if (given !== undefined) expect(correlation).toBe(given);
    expect(lines).toHaveLength(n + 1);
    expect(JSON.parse(lines[n]!)).toMatchObject({ correlation, err: { type: 'Error', cause: { type: 'error', code: '22P02' } } });
    for (const secret of [secrets.email, 'horse', 'somewhere']) {
      expect(text).not.toContain(secret);
      expect(lines[n]).not.toContain(secret);
    }
  }
});
