import { uuidv7 } from '@concord/platform';
import { setTimeout as pause } from 'node:timers/promises';
import type { Chance } from './chance.js';
import { asSuperuser, hold, type Fault, type World } from './world.js';
import { eventually } from './eventually.js';

const TOPIC = 'concord.pledges';
const TOPICS = ['directory', 'partnerships', 'pledges', 'stewardship', 'notifications'].map((name) => `concord.${name}`);

type Headers = Record<string, string>;

/** Headers of an event of pledges that is right. */
const headersOf = (key: string, kind = 'PledgeMade', version = 1): Headers => ({
  ce_specversion: '1.0',
  'content-type': 'application/json',
  ce_id: `${key}/1`,
  ce_source: '/concord/pledges',
  ce_type: `concord.pledges.${kind}`,
  ce_subject: key,
  ce_time: new Date().toISOString(),
  ce_dataschema: `concord:/schemas/concord.pledges.${kind}/${version}`,
  ce_sequence: '1',
  ce_previous: '0',
  ce_correlationid: 'poison',
});

/** What nobody can handle: each gets a key of its own. */
const POISONS: readonly ((key: string) => { value: string; headers: Headers })[] = [
  (key) => ({ value: '{"amount": 1', headers: headersOf(key) }),
  (key) => ({ value: '{}', headers: headersOf(key, 'PledgeImagined') }),
  (key) => ({ value: JSON.stringify('x'.repeat(2 * 1024 * 1024)), headers: headersOf(key) }),
  (key) => ({ value: '{}', headers: { ...headersOf(key), ce_sequence: '0' } }),
  (key) => ({ value: '{}', headers: { ...headersOf(key), ce_previous: '7' } }),
  () => ({ value: 'not one of ours', headers: {} }),
];

/**
 * How often each poison has to be parked: once for each message, as a copy that a fault made of it is as bad; an event that has a
 * version, of a kind nobody knows, once.
 */
export async function poisonLying({ traffic, poisoned }: World): Promise<Map<string, number>> {
  const lying = new Map<string, number>();
  if (poisoned.size === 0) return lying;
  for (const { message } of await traffic.read(TOPIC)) {
    const key = message.key?.toString() ?? '';
    const isEvent = String(message.headers?.['ce_type']).endsWith('.PledgeImagined');
    if (poisoned.has(key)) lying.set(key, isEvent ? 1 : (lying.get(key) ?? 0) + 1);
  }
  return lying;
}

/** Puts all of them on the topic, and waits until they are seen where an operator looks. */
async function poison(world: World): Promise<void> {
  const { traffic, poisoned } = world;
  await traffic.allowLarge(TOPIC);
  const keys = POISONS.map(() => uuidv7());
  for (const [index, key] of keys.entries()) {
    const { value, headers } = POISONS[index]!(key);
    await traffic.send(TOPIC, [{ key: Buffer.from(key), value: Buffer.from(value), headers }]);
    poisoned.add(key);
  }
  await eventually('the poison to be parked', () =>
    asSuperuser(world, async (client) => {
      const { rows } = await client.query<{ n: number }>(
        `SELECT count(DISTINCT stream)::int AS n FROM gateway.parked WHERE stream = ANY($1::uuid[])`,
        [keys],
      );
      return rows[0]?.n === keys.length;
    }).catch(() => false),
  );
}

/** The broker dies and stays away. */
async function killBroker(world: World): Promise<void> {
  const [broker] = world.cluster.kafka.brokers;
  broker!.kill('SIGKILL');
  await broker!.exited;
  await hold(world, 60 * 0.4);
  await broker!.start();
  await world.cluster.kafka.ready();
}

/** A group reads everything from the beginning again, while all others go on. */
async function replay(world: World, chance: Chance): Promise<void> {
  if (chance.happens(0.5)) await world.cluster.leave('notifications');
  else await world.cluster.kill('notifications');
  try {
    await world.traffic.rewind('concord.notifications');
  } finally {
    await world.cluster.restart('notifications');
  }
}

/** Somebody joins the group of the feed and leaves it again, every two seconds. */
async function rebalances(world: World, chance: Chance): Promise<void> {
  for (let times = Math.max(2, Math.round(8 * world.lasting)); times > 0; times -= 1) {
    await world.traffic.joinAndLeave('concord.gateway', TOPICS, chance.between(0, 2_000));
    await pause(chance.between(0, 500));
  }
}

/** Faults of the broker and of what lies on its topics. One at a time. */
export const MESSAGE_FAULTS: readonly Fault[] = [
  { row: 'F4', name: 'kill -9 of the broker', inject: killBroker },
  { row: 'F9', name: 'messages again, one to five times', inject: ({ traffic }, chance) => traffic.copy(TOPIC, chance, 'kept') },
  {
    row: 'F9',
    name: 'messages of the needs again',
    inject: ({ traffic }, chance) => traffic.copy('concord.partnerships', chance, 'kept'),
  },
  { row: 'F10', name: 'messages again, shuffled', inject: ({ traffic }, chance) => traffic.copy(TOPIC, chance, 'shuffled') },
  { row: 'F11', name: 'notifications listen from the beginning again', inject: replay },
  { row: 'F12', name: 'poison', inject: poison },
  { row: 'F13', name: 'a member that joins and leaves', inject: rebalances },
];
