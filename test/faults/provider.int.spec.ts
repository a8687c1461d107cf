import { createClient, type Client } from '@concord/client';
import { uuidv7, verifyContext } from '@concord/platform';
import { FaultProxy } from '@concord/testing';
import { Chance, seedOfRun } from './chance.js';
import { Stage } from './stage.js';

// F26: Concord calls no provider of payments or time sheets; such a system calls it. Here one plays both sides of every delivery: what it
// records and what it calls back times out although it was done, comes twice, comes early, comes late.

import.meta.jest.setTimeout(120_000);

const HOURS = 8;
const reason = { code: 'agreed', text: 'Agreed by both sides.' };

let stage: Stage;
let proxy: FaultProxy;
let chance: Chance;

beforeAll(async () => {
  const seed = seedOfRun();
  process.stdout.write(`provider seed=${seed}\n`);
  chance = new Chance(seed);
  stage = await Stage.open();
  proxy = await FaultProxy.start(Number(new URL(stage.concord.url).port), { random: () => chance.next() });
});
afterAll(async () => {
  expect(stage.concord.faults).toEqual([]);
  await proxy.close();
  await stage.close();
});

/** A provider's call: sent once, no repeats of the library's own. */
const provider = (token: string | undefined, organisation: string, baseUrl = `http://127.0.0.1:${proxy.port}`): Client =>
  createClient({ baseUrl, organisation, attemptsMax: 1, timeoutMs: 5_000, ...(token === undefined ? {} : { token }) });

/** Status of a call; undefined when no answer came. */
const statusOf = (call: Promise<{ readonly status: number }>): Promise<number | undefined> =>
  call.then(
    ({ status }) => status,
    (error: { status?: number }) => error.status,
  );

/** Calls while the way back is cut: it is done, and the caller hears nothing. */
async function unheard(call: () => Promise<{ readonly status: number }>): Promise<void> {
  proxy.make({ toClient: 'lost' });
  try {
    expect(await statusOf(call())).toBeUndefined();
  } finally {
    proxy.heal();
  }
}

interface Commitment {
  readonly pledgeId: string;
  readonly deliveryId: string;
  readonly funder: Client;
  /** Where the delivery is, asked for on a way that works. */
  status(): Promise<string>;
  /** Records the hours, or the same hours once more under another id. */
  record(again?: string): Promise<{ readonly status: number }>;
  acknowledge(key: string): Promise<{ readonly status: number; readonly body: unknown }>;
}

let lineId: string;
let pledge: (nth: number) => Promise<Commitment>;
const read = async (path: string): Promise<Record<string, unknown>> =>
  (await stage.concord.anonymous().get(path)).body as Record<string, unknown>;

beforeAll(async () => {
  const leadId = uuidv7();
  [lineId = ''] = await stage.need([10_000], 'expertise', true, leadId);
  const lead = await stage.concord.actor({ organisation: leadId });
  const day = stage.concord.clock.now().slice(0, 10);
  const offer = {
    lineId,
    kind: 'expertise',
    hours: HOURS,
    skill: 'Drilling',
    role: 'Engineer',
    languages: ['en'],
    remote: false,
    from: '2035-01-01',
    until: '2036-01-01',
    aidType: 'D01',
  };
  pledge = async (nth) => {
    const { id: organisation, token } = stage.pledgers[nth % stage.pledgers.length]!;
    const direct = provider(token, organisation, stage.concord.url);
    const { body } = await direct.post<{ id: string; hash: string }>('/pledges', { body: offer });
    const { id: pledgeId, hash } = body;
    await provider(stage.owner.token, stage.owner.id, stage.concord.url).post(`/pledges/${pledgeId}/accept`, { body: { hash } });
    await direct.post(`/pledges/${pledgeId}/confirm`, { body: { hash } });
    const [funder, recipient, deliveryId] = [provider(token, organisation), provider(lead.token, leadId), uuidv7()];
    const log = [{ pseudonym: `E-${nth}`, day, hours: HOURS, work: 'Survey' }];
    return {
      pledgeId,
      deliveryId,
      funder,
      status: async () => (await direct.get<{ status: string }>(`/deliveries/${deliveryId}`)).body.status,
      record: (id = deliveryId) =>
        funder.post('/deliveries', { body: { id, pledgeId, kind: 'expertise', log }, idempotencyKey: `record-${id}` }),
      acknowledge: (key) =>
        recipient.post(`/deliveries/${deliveryId}/acknowledge`, {
          body: { accepted: HOURS },
          idempotencyKey: `${key}-${deliveryId}`,
        }),
    };
  };
});

/** Each way in which a provider goes wrong, and how the delivery has to end. */
const WAYS: Readonly<Record<string, { readonly ends: 'acknowledged' | 'voided'; play(commitment: Commitment): Promise<void> }>> = {
  'a record that timed out but succeeded, asked for before it is sent again': {
    ends: 'acknowledged',
    async play({ status, record, acknowledge }) {
      await unheard(() => record());
      // A time-out is no failure: the outcome is asked for, and nothing is compensated.
      expect(await status()).toBe('recorded');
      expect((await record()).status).toBe(201);
      expect((await acknowledge('callback')).status).toBe(200);
    },
  },
  'a callback that timed out but succeeded, and is repeated with its key': {
    ends: 'acknowledged',
    async play({ status, record, acknowledge }) {
      await record();
      await unheard(() => acknowledge('callback'));
      expect(await status()).toBe('acknowledged');
      const [first, second] = [await acknowledge('callback'), await acknowledge('callback')];
      expect(second.body).toEqual(first.body);
    },
  },
  'a callback that comes twice at once, and again under another key': {
    ends: 'acknowledged',
    async play({ record, acknowledge }) {
      await record();
      const [first, second] = await Promise.all([acknowledge('callback'), acknowledge('callback')]);
      expect(second.body).toEqual(first.body);
      expect(await statusOf(acknowledge('another'))).toBe(409);
    },
  },
  'callbacks under two keys at once': {
    ends: 'acknowledged',
    async play({ record, acknowledge }) {
      await record();
      const both = await Promise.all([statusOf(acknowledge('one')), statusOf(acknowledge('two'))]);
      expect(both.sort()).toEqual([200, 409]);
    },
  },
  'a callback that comes before what it is about, and is repeated': {
    ends: 'acknowledged',
    async play({ record, acknowledge }) {
      expect(await statusOf(acknowledge('callback'))).toBe(404);
      await record();
      // What was not found is not kept under the key: the same call finds it now.
      expect(await statusOf(acknowledge('callback'))).toBe(200);
    },
  },
  'a callback that comes late, after the record was taken back': {
    ends: 'voided',
    async play({ deliveryId, funder, record, acknowledge }) {
      await record();
      await unheard(() =>
        funder.post(`/deliveries/${deliveryId}/void`, { body: { reason }, idempotencyKey: `void-${deliveryId}` }),
      );
      expect(await statusOf(acknowledge('callback'))).toBe(409);
      expect(await statusOf(acknowledge('callback'))).toBe(409);
    },
  },
  'a callback and a taking back that race': {
    ends: 'acknowledged',
    async play({ deliveryId, funder, record, acknowledge }) {
      await record();
      const taken = funder.post(`/deliveries/${deliveryId}/void`, { body: { reason }, idempotencyKey: `void-${deliveryId}` });
      const ends = await Promise.all([statusOf(acknowledge('callback')), statusOf(taken)]);
      expect([...ends].sort()).toEqual([200, 409]);
    },
  },
};

it('a delivery counts once or not at all, whatever its provider sends how often and when (F26)', async () => {
  const played: { commitment: Commitment; way: string }[] = [];
  // Ways that cut the net go one after the other: the cut is everybody's.
  for (let round = 0; round < 4; round += 1)
    for (const [way, { play }] of Object.entries(WAYS)) {
      const commitment = await pledge(played.length);
      await play(commitment);
      played.push({ commitment, way });
    }
  await stage.concord.settle();
  let acknowledged = 0;
  for (const { commitment, way } of played) {
    const status = await commitment.status();
    const ends = way.includes('race') ? ['acknowledged', 'voided'] : [WAYS[way]!.ends];
    expect([way, ends.includes(status)]).toEqual([way, true]);
    if (status === 'acknowledged') acknowledged += 1;
  }
  expect(acknowledged).toBeGreaterThanOrEqual(played.length / 2);
  expect(await read(`/lines/${lineId}`)).toMatchObject({
    confirmed: played.length * HOURS,
    delivered: acknowledged * HOURS,
    reserved: 0,
  });
  const { ok, checks } = await verifyContext(stage.concord.platform.context('pledges'));
  expect({ ok, faults: checks.flatMap(({ first }) => first) }).toEqual({ ok: true, faults: [] });
});

it('a provider that takes a time-out for a failure, and records again under another key, is refused', async () => {
  const commitment = await pledge(1_000);
  const before = (await read(`/lines/${lineId}`))['delivered'] as number;
  await unheard(() => commitment.record());
  expect(await statusOf(commitment.record(uuidv7()))).toBe(409);
  await commitment.acknowledge('callback');
  expect((await read(`/lines/${lineId}`))['delivered']).toBe(before + HOURS);
});
