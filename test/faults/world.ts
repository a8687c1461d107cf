import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Target } from './load.js';
import type { Chance } from './chance.js';
import type { FaultyCluster } from './faulty-cluster.js';
import type { History } from './history.js';
import type { KafkaTraffic } from './kafka-traffic.js';
import type { RoomListener } from './room-listener.js';

/** Groups that listen on the bus. */
export const GROUPS = ['partnerships', 'pledges', 'stewardship', 'notifications', 'gateway'].map((name) => `concord.${name}`);

/** Everything that the faults of a distributed run act on. */
export interface World {
  readonly cluster: FaultyCluster;
  readonly traffic: KafkaTraffic;
  readonly history: History;
  readonly target: Target;
  /** Room of the need that is pledged to. */
  readonly room: string;
  /** Readers that have to be whole at the end. */
  readonly listeners: RoomListener[];
  /** Keys of messages that nobody can handle. */
  readonly poisoned: Set<string>;
  /** What a burst of a fault found out of order, in words. */
  readonly complaints: string[];
  /** Ends what faults leave behind until the end of the run. */
  readonly leftovers: (() => void)[];
  /** How long faults last, as a part of what reliability.md asks for in the long run: 1 there, less in the selection. */
  readonly lasting: number;
}

/** A kind of fault. */
export interface Fault {
  /** Its row in reliability.md 5. */
  readonly row: `F${number}`;
  readonly name: string;
  /** Injects it, lets it hold, and ends it. */
  inject(world: World, chance: Chance): Promise<void>;
}

/** Waits so many seconds of the long run; a part of them in the selection, and never less than one. */
export const hold = (world: World, seconds: number): Promise<void> =>
  pause(Math.max(Math.min(seconds, 1), seconds * world.lasting) * 1_000);

/** Runs with a connection of the superuser, past every proxy. */
export async function asSuperuser<T>({ cluster }: World, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: cluster.postgres.adminUrl });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
