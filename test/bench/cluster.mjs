// The services as processes of their own over one Kafka broker, on a database of the measuring server; and what each takes at rest.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { mbOf } from './memory.mjs';
import { ADMIN, populate } from './world.mjs';

const SCRIPT = join(import.meta.dirname, '../../infra/scripts/cluster.mjs');
const REST_MS = 10_000;
const GOAL_MB = 120;

function command(args, settings = {}) {
  const child = spawn(process.execPath, [SCRIPT, ...args, '--json'], {
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, faults] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (faults += text));
  return new Promise((resolve, reject) =>
    child.on('exit', (code) =>
      code === 0 ? resolve(JSON.parse(out)) : reject(new Error(`cluster ${args[0]} ended with ${code}:\n${out}\n${faults}`)),
    ),
  );
}

/** Starts a cluster; `track` gets its supervisor, whose end is the end of all. */
export async function startCluster(server, track = () => undefined) {
  const dataDir = join(server.folder, 'cluster');
  const databaseUrl = await server.database('bench_cluster');
  const status = await command(['start', '--no-build', '--data', dataDir, '--port', '0', '--brokers', '1'], {
    DATABASE_URL: databaseUrl,
    CONCORD_ENV: 'production',
    CONCORD_LOG_LEVEL: 'warn',
    CONCORD_ADMIN_EMAIL: ADMIN.email,
    CONCORD_ADMIN_PASSWORD: ADMIN.password,
    CONCORD_REQUESTS_PER_SECOND: '1000000',
    CONCORD_REQUESTS_BURST: '1000000',
  });
  const supervisor = { pid: status.supervisor };
  track(supervisor);
  const gateways = status.gateways.map((url) => Number(new URL(url).port));
  return {
    databaseUrl,
    status,
    gateways,
    world: async (lines) => ({ ...(await populate(status.gateways[0], lines)), port: gateways[0] }),
    stop: async () => {
      await command(['stop', '--data', dataDir]);
      supervisor.pid = undefined;
    },
  };
}

/** Proportional megabytes of each service and gateway after ten seconds of rest; the median of so many looks a second apart. */
export async function idleServices({ status }, rounds, note) {
  await new Promise((resolve) => setTimeout(resolve, REST_MS));
  const parts = status.parts.filter(({ name, pid }) => pid && !/^(kafka|postgres|web)/u.test(name));
  const looks = new Map(parts.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, pid } of parts) looks.get(name).push(mbOf(pid));
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  const mb = Object.fromEntries(
    [...looks].map(([name, values]) => [name, Math.round(values.sort((a, b) => a - b)[values.length >> 1])]),
  );
  note(`at rest: ${JSON.stringify(mb)}`);
  return { mb, goal: `<= ${GOAL_MB} MB each`, met: Object.values(mb).every((one) => one <= GOAL_MB) };
}
