import { uuidv7 } from '@concord/platform';
import { Chance, seedOfRun } from './chance.js';
import { checkRun } from './check-run.js';
import { FaultClient, type Party } from './client.js';
import { History, type Answered, type CommandName, type Intent } from './history.js';
import { funding } from './load.js';
import { day, Stage } from './stage.js';

// Bursts at one place (reliability.md 5, F23 to F25), over HTTP and real PostgreSQL.

const seed = seedOfRun();
let stage: Stage;
let history: History;
let chance: Chance;
beforeAll(async () => {
  stage = await Stage.open();
});
beforeEach(() => {
  history = new History();
  chance = new Chance(seed);
});
afterAll(async () => {
  expect(stage.concord.faults).toEqual([]);
  await stage.close();
});

const send = (
  client: FaultClient,
  party: Party,
  command: CommandName,
  path: string,
  body: unknown,
  copies = 1,
): Promise<Answered> => {
  const intent: Intent = { key: `${command}-${uuidv7()}`, command, organisation: party.id, path, body };
  return client.settle(party, intent, copies);
};
const burst = (hangUp = 0, bases = [stage.concord.url]): FaultClient =>
  new FaultClient(bases, history, chance.fork(), { hangUp, givenUp: new AbortController().signal });
const lineNow = async (id: string) =>
  (await stage.concord.anonymous().get(`/lines/${id}`)).body as { open: number; reserved: number };

/** The checks of this burst alone: what the other bursts of this file left is in the same log. */
async function check(): Promise<void> {
  const rows = await stage.rows();
  const own = new Set(history.intents.map(({ key }) => key));
  const streams = new Set(
    rows.events.filter(({ meta }) => own.has(meta.correlation.replace(/\/[^/]*$/u, ''))).map(({ stream }) => stream),
  );
  const events = rows.events.filter(({ stream }) => streams.has(stream));
  const marks = rows.marks?.filter(({ stream }) => streams.has(stream));
  expect(checkRun(history, { ...rows, events, marks, streams: rows.streams.filter(({ id }) => streams.has(id)) })).toEqual([]);
}

describe('500 clients on the last hundredth of a line (F23)', () => {
  const CLIENTS = 500;

  it('of one size: as many as fit, and not one more', async () => {
    const [lineId = ''] = await stage.need([1_000_000]);
    const client = burst();
    await send(client, stage.owner, 'make', '/pledges', { lineId, ...funding(990_000) });
    const answers = await Promise.all(
      Array.from({ length: CLIENTS }, (_, index) =>
        send(client, stage.pledgers[index % 3]!, 'make', '/pledges', { lineId, ...funding(40) }),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(250);
    expect(await lineNow(lineId)).toMatchObject({ open: 0, reserved: 1_000_000 });
    await stage.concord.settle();
    await check();
  });

  it('of all sizes, taking what is left: filled to the last unit', async () => {
    const [lineId = ''] = await stage.need([1_000_000]);
    const client = burst();
    await send(client, stage.owner, 'make', '/pledges', { lineId, ...funding(990_000) });
    await Promise.all(
      Array.from({ length: CLIENTS }, (_, index) => {
        const body = { lineId, ...funding(chance.between(1, 80)), acceptPartial: true };
        return send(client, stage.pledgers[index % 3]!, 'make', '/pledges', body);
      }),
    );
    expect(await lineNow(lineId)).toMatchObject({ open: 0, reserved: 1_000_000 });
    await stage.concord.settle();
    await check();
  });
});

describe('one key, fifty times at once (F24)', () => {
  const ROUNDS = 8;

  async function askInRounds(lineId: string, bases: string[]): Promise<void> {
    for (let round = 0; round < ROUNDS; round += 1) {
      const answer = await send(burst(0.2, bases), stage.pledgers[0]!, 'make', '/pledges', { lineId, ...funding(100) }, 50);
      expect(answer.status).toBe(201);
    }
    expect(await lineNow(lineId)).toMatchObject({ reserved: ROUNDS * 100 });
  }

  it('is one pledge and one answer', async () => {
    const [lineId = ''] = await stage.need([1_000]);
    await askInRounds(lineId, [stage.concord.url]);
    await stage.concord.settle();
    await check();
  });

  it('is one pledge and one answer, also where two instances are asked', async () => {
    const shared = stage;
    stage = await Stage.open();
    try {
      const [lineId = ''] = await stage.need([1_000]);
      const second = await stage.secondInstance();
      await askInRounds(lineId, [stage.concord.url, second.url]);
      await second.platform.settled();
      await check();
    } finally {
      await stage.close();
      stage = shared;
    }
  });
});

it('each pledge is confirmed, withdrawn or lapses, whichever comes first, and none of them twice (F25)', async () => {
  const PLEDGES = 300;
  const [lineId = ''] = await stage.need([1_000_000], 'expertise', true);
  const client = burst(0.02);
  const offer = {
    kind: 'expertise',
    hours: 10,
    skill: 'Drilling',
    role: 'Engineer',
    languages: ['en'],
    remote: false,
    from: '2035-01-01',
    until: '2036-01-01',
    aidType: 'D01',
    validUntil: day(10),
  };
  const offers = await Promise.all(
    Array.from({ length: PLEDGES }, async (_, index) => {
      const party = stage.pledgers[index % 3]!;
      const made = await send(client, party, 'make', '/pledges', { lineId, ...offer });
      const { id, hash } = JSON.parse(made.body) as { id: string; hash: string };
      await send(client, stage.owner, 'accept', `/pledges/${id}/accept`, { hash });
      return { id, hash, party };
    }),
  );
  let answered = 0;
  let expire: Promise<void> | undefined;
  const race = async ({ id, hash, party }: (typeof offers)[number], command: 'confirm' | 'withdraw'): Promise<void> => {
    const body = command === 'confirm' ? { hash } : { reason: { code: 'changed_plans', text: 'Plans have changed.' } };
    await send(client, party, command, `/pledges/${id}/${command}`, body, chance.between(1, 2));
    answered += 1;
    // The offers expire while the other half of the answers is on its way.
    if (answered > PLEDGES / 2) expire ??= stage.concord.moveTo(day(10));
  };
  // A third is confirmed first, a third withdrawn first, and for the rest time runs out before anybody asks.
  const both = offers.flatMap((one, index) => {
    const sides = [() => race(one, 'confirm'), () => race(one, 'withdraw')];
    return index % 2 === 0 ? sides : sides.reverse();
  });
  const lanes = Array.from({ length: 40 }, async () => {
    for (let next = both.shift(); next; next = both.shift()) await next();
  });
  await Promise.all(lanes);
  await expire;
  await stage.concord.settle();
  const rows = await stage.rows();
  const ends = offers.map(({ id }) => rows.streams.find((stream) => stream.id === id)!.state['status']);
  const count = (status: string): number => ends.filter((end) => end === status).length;
  expect(count('confirmed') + count('withdrawn') + count('lapsed')).toBe(PLEDGES);
  for (const status of ['confirmed', 'withdrawn', 'lapsed']) expect([status, count(status) > 0]).toEqual([status, true]);
  expect(await lineNow(lineId)).toMatchObject({ reserved: 0, confirmed: count('confirmed') * 10 });
  await check();
});
