import { FaultClient, type Party } from './client.js';
import type { Chance } from './chance.js';
import type { Answered, CommandName, Intent } from './history.js';
import { funding } from './load.js';
import { lazyReader } from './lazy-reader.js';
import { RoomListener } from './room-listener.js';
import type { Fault, World } from './world.js';

const LAZY = 20;
const JOINERS = 8;
const RUSH = 100;

const nobody = new AbortController().signal;
const client = ({ cluster, history }: World, chance: Chance, hangUp = 0): FaultClient =>
  new FaultClient([...cluster.bases], history, chance, { hangUp, givenUp: nobody, library: true });

function send(
  world: World,
  chance: Chance,
  by: FaultClient,
  party: Party,
  command: CommandName,
  path: string,
  body: unknown,
  copies = 1,
) {
  const key = `${command}-${world.history.intents.length}-${chance.between(0, 2 ** 30).toString(36)}`;
  const intent: Intent = { key, command, organisation: party.id, path, body };
  return by.settle(party, intent, copies);
}

/** One key fifty times at once, on both gateways. */
async function oneKey(world: World, chance: Chance): Promise<void> {
  const { target } = world;
  const body = { lineId: chance.pick(target.roomy), ...funding(chance.between(1, 100)) };
  const party = chance.pick(target.pledgers);
  const { status } = await send(world, chance, client(world, chance, 0.2), party, 'make', '/pledges', body, 50);
  if (status !== 201) world.complaints.push(`one key fifty times was answered ${status}`);
}

/** A hundred clients at once on a line with little left. */
async function rush(world: World, chance: Chance): Promise<void> {
  const lineId = chance.pick(world.target.hot);
  const by = client(world, chance);
  await Promise.all(
    Array.from({ length: RUSH }, () => {
      const body = { lineId, ...funding(chance.between(1, 90)), acceptPartial: chance.happens(0.5) };
      return send(world, chance, by, chance.pick(world.target.pledgers), 'make', '/pledges', body);
    }),
  );
}

/** Offers that are accepted, withdrawn and declined by everybody at once. */
async function race(world: World, chance: Chance): Promise<void> {
  const { owner, pledgers, roomy } = world.target;
  const by = client(world, chance, 0.05);
  const reason = { code: 'changed_plans', text: 'Plans have changed.' };
  await Promise.all(
    Array.from({ length: 12 }, async () => {
      const party = chance.pick(pledgers);
      const made: Answered = await send(world, chance, by, party, 'make', '/pledges', {
        lineId: chance.pick(roomy),
        ...funding(10),
      });
      if (made.status !== 201) return;
      const { id, hash } = JSON.parse(made.body) as { id: string; hash: string };
      await Promise.all([
        send(world, chance, by, owner, 'accept', `/pledges/${id}/accept`, { hash }, 2),
        send(world, chance, by, party, 'withdraw', `/pledges/${id}/withdraw`, { reason }, 2),
        send(world, chance, by, owner, 'decline', `/pledges/${id}/decline`, { reason }, 2),
      ]);
    }),
  );
}

async function lazy(world: World, chance: Chance): Promise<void> {
  const ends = await Promise.all(Array.from({ length: LAZY }, () => lazyReader(chance.pick(world.cluster.sockets), world.room)));
  world.leftovers.push(...ends);
}

/** Readers come at random moments: new ones, and some that go on from a place in the past; strangers knock at a closed room. */
async function joiners(world: World, chance: Chance): Promise<void> {
  const [oldest] = world.listeners;
  const known = oldest!.log.filter(({ type }) => type === 'event');
  const join = async (): Promise<void> => {
    await new Promise((done) => setTimeout(done, chance.between(0, 1_500)));
    const from = chance.happens(0.7) && known.length > 0 ? chance.pick(known) : undefined;
    const place = from && { epoch: from.epoch, offset: from.offset };
    const listener = await RoomListener.join(chance.pick(world.cluster.sockets), world.room, place ? { from: place } : {});
    world.listeners.push(listener);
    await listener.knock(`organisation:${world.target.owner.id}`);
  };
  await Promise.all(Array.from({ length: JOINERS }, join));
}

/** Bursts of clients and of readers. */
export const CLIENT_FAULTS: readonly Fault[] = [
  { row: 'F18', name: `${LAZY} readers that never read`, inject: lazy },
  { row: 'F22', name: `${JOINERS} readers that join at random`, inject: joiners },
  { row: 'F23', name: `${RUSH} clients on a line with little left`, inject: rush },
  { row: 'F24', name: 'one key fifty times on two gateways', inject: oneKey },
  { row: 'F25', name: 'accepted, withdrawn and declined at once', inject: race },
];
