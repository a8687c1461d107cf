import { execFile } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Chance } from './chance.js';
import { hold, type Fault, type World } from './world.js';

const run = promisify(execFile);
const PLEDGES = ['pledges-1', 'pledges-2'] as const;
const GATEWAYS = ['gateway-1', 'gateway-2'] as const;

/** Between a kill and the start after it: U(0, 2 s), as between faults. */
const moment = (chance: Chance): Promise<void> => pause(chance.next() * 2_000);

async function killAndRestart(world: World, name: string, chance: Chance): Promise<void> {
  await world.cluster.kill(name);
  await moment(chance);
  await world.cluster.restart(name);
}

/** Holds a process still for longer than its lease, so that somebody else does its work, and lets it go on as if nothing had been. */
async function zombie(world: World, name: string): Promise<void> {
  world.cluster.signal(name, 'SIGSTOP');
  try {
    // The lease of a relay is 5 s, the session of a member of a group 10 s.
    await pause(Math.max(11_000, 15_000 * world.lasting));
  } finally {
    world.cluster.signal(name, 'SIGCONT');
  }
}

async function rolling(world: World): Promise<void> {
  for (const name of PLEDGES) {
    await world.cluster.leave(name);
    await world.cluster.restart(name);
  }
}

/** Takes the file descriptors of a running process away: what it has stays, and it gets no more. */
async function noDescriptors(world: World, name: string): Promise<void> {
  const pid = String(world.cluster.part(name).pid);
  const { stdout } = await run('prlimit', ['--pid', pid, '--nofile', '--output', 'SOFT', '--noheadings']);
  const limit = (soft: string): Promise<unknown> => run('prlimit', ['--pid', pid, `--nofile=${soft}:`]);
  await limit('16');
  try {
    await hold(world, 10);
  } finally {
    // Gone by now, if it could not live with that: then it is counted.
    await limit(stdout.trim()).catch(() => undefined);
  }
}

/** Faults of processes: killed, held still, asked to leave, without descriptors. One at a time. */
export const PROCESS_FAULTS: readonly Fault[] = [
  {
    row: 'F1',
    name: 'kill -9 of an instance of pledges',
    inject: (world, chance) => killAndRestart(world, chance.pick(PLEDGES), chance),
  },
  { row: 'F1', name: 'kill -9 of both instances of pledges', inject: (world, chance) => killBoth(world, chance) },
  {
    row: 'F2',
    name: 'kill -9 of a service that relays and listens',
    inject: (world, chance) => killAndRestart(world, chance.pick(['partnerships', 'stewardship', 'directory']), chance),
  },
  { row: 'F21', name: 'kill -9 of a gateway', inject: (world, chance) => killAndRestart(world, chance.pick(GATEWAYS), chance) },
  {
    row: 'F5',
    name: 'an instance of pledges held still past its lease',
    inject: (world, chance) => zombie(world, chance.pick(PLEDGES)),
  },
  { row: 'F5', name: 'a gateway held still past its session', inject: (world, chance) => zombie(world, chance.pick(GATEWAYS)) },
  { row: 'F31', name: 'a rolling restart of pledges', inject: (world) => rolling(world) },
  {
    row: 'F16',
    name: 'a gateway without file descriptors',
    inject: (world, chance) => noDescriptors(world, chance.pick(GATEWAYS)),
  },
];

async function killBoth(world: World, chance: Chance): Promise<void> {
  await Promise.all(PLEDGES.map((name) => world.cluster.kill(name)));
  await moment(chance);
  await Promise.all(PLEDGES.map((name) => world.cluster.restart(name)));
}
