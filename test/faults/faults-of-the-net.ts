import type { Weather } from '@concord/testing';
import type { Chance } from './chance.js';
import { hold, type Fault, type World } from './world.js';

const RESET = 'reset';
const BLACK_HOLE: Weather = { toServer: 'held', toClient: 'held' };
const DEAF: Weather = { toServer: 'held' };
const MUTE: Weather = { toClient: 'held' };
const LOST: Weather = { toClient: 'lost' };
const AWAY: Weather = { refuses: true };

/** The ways from the services to the database. */
const DATABASE_WAYS = ['pledges-1', 'pledges-2', 'gateway-1', 'gateway-2', 'stewardship', 'partnerships'].map(
  (name) => `postgres ${name}`,
);
const CLIENT_WAYS = ['http-1', 'http-2'];
const SERVICE_WAYS = ['pledges-1', 'pledges-2'];
const SOCKET_WAYS = ['sockets-1', 'sockets-2'];

/** Weather on one way for some seconds of the long run; connections are reset at its beginning where it says so. */
async function storm(world: World, name: string, weather: Weather | typeof RESET, seconds: number): Promise<void> {
  const way = world.cluster.way(name);
  if (weather === RESET) return void way.reset();
  if (weather === AWAY) way.reset();
  way.make(weather);
  try {
    await hold(world, seconds);
  } finally {
    way.heal();
  }
}

const cut = [RESET, BLACK_HOLE, DEAF, MUTE, AWAY] as const;
const on =
  (ways: readonly string[], weathers: readonly (Weather | typeof RESET)[], seconds: number) =>
  (world: World, chance: Chance): Promise<void> =>
    storm(world, chance.pick(ways), chance.pick(weathers), seconds);

/** Readers lose their connections for two seconds every five. */
async function drops(world: World, chance: Chance): Promise<void> {
  const way = world.cluster.way(chance.pick(SOCKET_WAYS));
  for (let times = Math.max(2, Math.round(24 * world.lasting * 0.4)); times > 0; times -= 1) {
    way.make(AWAY);
    way.reset();
    await new Promise((done) => setTimeout(done, 2_000));
    way.heal();
    await hold(world, 3);
  }
}

/** Faults of the net between all parts. */
export const NET_FAULTS: readonly Fault[] = [
  { row: 'F6', name: 'a service cut off from the database', inject: on(DATABASE_WAYS, cut, 8) },
  { row: 'F6', name: 'everybody cut off from the broker', inject: on(['kafka'], cut, 12) },
  { row: 'F6', name: 'clients cut off from a gateway', inject: on(CLIENT_WAYS, cut, 8) },
  { row: 'F6', name: 'a gateway cut off from pledges', inject: on(SERVICE_WAYS, cut, 8) },
  { row: 'F7', name: 'answers of a gateway lost', inject: on(CLIENT_WAYS, [LOST], 4) },
  { row: 'F7', name: 'answers of pledges lost on their way to a gateway', inject: on(SERVICE_WAYS, [LOST], 4) },
  { row: 'F7', name: 'answers of the database lost, commits among them', inject: on(DATABASE_WAYS.slice(0, 2), [LOST], 4) },
  { row: 'F7', name: 'acknowledgements of the broker lost', inject: on(['kafka'], [LOST], 4) },
  {
    row: 'F8',
    name: 'jitter up to 500 ms',
    inject: on(
      ['kafka', ...CLIENT_WAYS, ...SERVICE_WAYS, ...DATABASE_WAYS],
      [{ toServer: { jitterMsMax: 500 }, toClient: { jitterMsMax: 500 } }],
      12,
    ),
  },
  { row: 'F8', name: '1 kB/s', inject: on([...CLIENT_WAYS, ...SOCKET_WAYS], [{ toClient: { bytesPerSecond: 1_000 } }], 10) },
  {
    row: 'F19',
    name: 'all readers of a gateway dropped at once',
    inject: async (world) => SOCKET_WAYS.forEach((name) => world.cluster.way(name).reset()),
  },
  { row: 'F20', name: 'readers dropped for 2 s every 5 s', inject: drops },
];
