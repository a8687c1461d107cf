import { testDatabase } from '@concord/testing';
import fastCheck from 'fast-check';
import { randomInt } from 'node:crypto';
import { Writable } from 'node:stream';
import pg from 'pg';
import { pino } from 'pino';
import { z } from 'zod';
import { uuidv7 } from '../clock.js';
import { parseJson } from '../edge/json.js';
import { createLogger, reporter } from './logger.js';
import { REDACTED, redacted, scrubbed } from './redaction.js';

const seed = randomInt(2 ** 31);

/** Something that must not be logged, each with a mark that no other text has. */
interface Secrets {
  readonly email: string;
  readonly name: string;
  readonly password: string;
  readonly token: string;
  readonly jwt: string;
  readonly phone: string;
}

const letters = (length: number) =>
  fastCheck
    .array(fastCheck.constantFrom(...'abcdefghijkmnpqrstuvwxyz'), { minLength: length, maxLength: length })
    .map((all) => all.join(''));

const someSecrets: fastCheck.Arbitrary<Secrets> = fastCheck
  .record({ a: letters(12), b: letters(12), c: letters(24), digits: fastCheck.integer({ min: 10_000_000, max: 99_999_999 }) })
  .map(({ a, b, c, digits }) => ({
    email: `${a}@${b}.example`,
    name: `${a[0]!.toUpperCase()}${a.slice(1)} ${b[0]!.toUpperCase()}${b.slice(1)}`,
    password: `${c}!${digits}`,
    token: `concord_${c}${digits}${c}`,
    jwt: `eyJ${a}${digits}.eyJ${b}${digits}.${c}`,
    phone: `+41 ${digits}`,
  }));

/** A log whose lines can be read again. */
function memoryLog(): { lines: string[]; stream: Writable } {
  const lines: string[] = [];
  return { lines, stream: new Writable({ write: (chunk, _encoding, done) => (lines.push(String(chunk)), done()) }) };
}

const thrown = async (work: () => unknown): Promise<unknown> => {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error('this was meant to fail');
};

let database: Awaited<ReturnType<typeof testDatabase>>;
let client: pg.Client;
beforeAll(async () => {
  database = await testDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(`CREATE TABLE people (email text PRIMARY KEY, age int CHECK (age > 0), code varchar(3), extra jsonb)`);
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

/** Ways to make real parts fail while they hold secrets in their hands. */
const failures: readonly ((secrets: Secrets) => Promise<unknown>)[] = [
  (s) =>
    thrown(async () => {
      await client.query('INSERT INTO people (email) VALUES ($1)', [s.email]);
      await client.query('INSERT INTO people (email) VALUES ($1)', [s.email]);
    }),
  (s) => thrown(() => client.query('SELECT $1::uuid', [s.name])),
  (s) => thrown(() => client.query('SELECT $1::int', [s.password])),
  (s) => thrown(() => client.query('INSERT INTO people (email, age) VALUES ($1, -1)', [s.email])),
  (s) => thrown(() => client.query('INSERT INTO people (email, code) VALUES ($1, $2)', [s.email, s.name])),
  (s) => thrown(() => client.query('INSERT INTO people (email, extra) VALUES ($1, $2)', [s.email, `{"name": ${s.name}`])),
  (s) => thrown(() => client.query(`SELECT to_date($1, 'YYYY-MM-DD')`, [s.name])),
  (s) => thrown(() => JSON.parse(`{"name": "${s.name}", "password": ${s.password}}`)),
  (s) => thrown(() => parseJson(Buffer.from(`{"email": "${s.email}" "name": "${s.name}"}`))),
  (s) => thrown(() => z.strictObject({ email: z.email(), role: z.enum(['a', 'b']) }).parse({ email: s.name, role: s.password })),
  (s) => thrown(() => new URL(`not a url of ${s.email}`)),
  (s) => thrown(() => fetch(`http://${s.email.split('@', 1)[0]!}:${s.password}@127.0.0.1:1/?token=${s.token}`)),
  async (s) => new Error(`sign-in of ${s.email} failed: Bearer ${s.jwt}`, { cause: new Error(`password=${s.password}`) }),
  async (s) => new AggregateError([new Error(`token: ${s.token}`), new Error(`call ${s.phone}`)], `GET /people?q=${s.email}`),
  async (s) => Object.assign(new Error('request failed'), { headers: { authorization: s.jwt }, body: s, parameters: [s.name] }),
  async (s) => ({ message: 'not even an error', user: { displayName: s.name, e_mail: s.email, phone: s.phone }, token: s.token }),
];

describe('the log', () => {
  it('shows nothing of 1,000 errors’ secrets, and still says what failed', async () => {
    const { lines, stream } = memoryLog();
    const report = reporter(createLogger('spec', 'info', stream));
    const all = fastCheck.sample(someSecrets, { seed, numRuns: 1_000 });
    for (const [index, secrets] of all.entries()) {
      const error = await failures[index % failures.length]!(secrets);
      report(`POST /api/v1/sessions?email=${secrets.email}`, error, uuidv7());
    }
    expect(lines).toHaveLength(1_000);
    const leaks = lines.flatMap((line, index) =>
      Object.entries(all[index]!)
        .filter(([, secret]) => line.includes(secret as string))
        .map(([kind]) => `seed ${seed}: ${kind} in ${line}`),
    );
    expect(leaks).toEqual([]);
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ level: 'error', service: 'spec', msg: 'failed' });
    expect(lines.filter((line) => line.includes('people_pkey')).length).toBeGreaterThan(10);
  });

  it('would show them without the redaction: the errors do carry secrets', async () => {
    const { lines, stream } = memoryLog();
    const bare = pino({}, stream);
    const all = fastCheck.sample(someSecrets, { seed, numRuns: failures.length });
    for (const [index, secrets] of all.entries()) bare.error({ err: await failures[index]!(secrets) }, 'failed');
    const leaking = lines.filter((line, index) => Object.values(all[index]!).some((secret) => line.includes(secret as string)));
    // Some parts never repeat what they were given: zod, URL, our own JSON parser.
    expect(leaking.length).toBeGreaterThanOrEqual(10);
  });

  it('names the request in every line of its failure', () => {
    const { lines, stream } = memoryLog();
    const correlation = uuidv7();
    reporter(createLogger('spec', 'info', stream))('GET /api/v1/needs', new Error('a bug'), correlation);
    expect(JSON.parse(lines[0]!)).toMatchObject({ at: 'GET /api/v1/needs', correlation, err: { type: 'Error', message: 'a bug' } });
    expect(JSON.parse(lines[0]!).err.stack).toContain('redaction.int.spec');
  });
});

describe('the redaction', () => {
  it('leaves alone what helps: ids, routes, places in the code, codes', () => {
    const id = uuidv7();
    for (const text of [
      `need ${id}/3`,
      'GET /api/v1/needs/{id}',
      '/app/libs/platform/dist/edge/edge.js:10:3',
      'ECONNREFUSED 127.0.0.1:5432',
    ])
      expect(scrubbed(text)).toBe(text);
    expect(redacted({ context: 'needs', position: 10n, at: new Date(0) })).toEqual({
      context: 'needs',
      position: '10',
      at: '1970-01-01T00:00:00.000Z',
    });
  });

  it('drops personal fields by name, however they are written and wherever they stand', () => {
    expect(redacted({ a: [{ Email: 'x', 'set-cookie': 'y', new_password: 'z', count: 3 }] })).toEqual({
      a: [{ Email: REDACTED, 'set-cookie': REDACTED, new_password: REDACTED, count: 3 }],
    });
  });

  it('ends on endless and huge things', () => {
    const ring: Record<string, unknown> = {};
    ring['ring'] = ring;
    expect(JSON.stringify(redacted(ring))).toContain('[deeper]');
    expect(scrubbed('x'.repeat(100_000)).length).toBeLessThan(10_000);
    expect((redacted(Array.from({ length: 1_000 }, () => 1)) as unknown[]).length).toBe(50);
  });
});
