// Starts Apache Kafka on this machine, without Docker: one broker or three, on loopback, with its data in a folder of the caller.
// Used by `concord cluster`, by the specs of the Kafka driver, and by hand: node infra/kafka/kafka-cluster.mjs <data folder> [1|3]
import { randomBytes, randomInt } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import kafkajs from 'kafkajs';
import { Broker } from './broker.mjs';
import { JARS, obtainKafka } from './kafka-jars.mjs';

const READY_MS_MAX = 180_000;
/** Below the ports that systems give to outgoing connections. */
const [LOWEST, HIGHEST] = [20_000, 32_767];

function isFree(port) {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => done(true)));
  });
}

async function freePort(taken) {
  for (let tries = 0; tries < 500; tries += 1) {
    const port = randomInt(LOWEST, HIGHEST + 1);
    if (!taken.has(port) && (await isFree(port))) {
      taken.add(port);
      return port;
    }
  }
  throw new Error(`No loopback port from ${LOWEST} to ${HIGHEST} is free.`);
}

/** Identity and ports of the cluster: those of the data folder's last start while they are free, so that addresses stay. */
async function nodesOf(dataDir, count, ports) {
  const file = join(dataDir, 'cluster.json');
  const last = JSON.parse(await readFile(file, 'utf8').catch(() => '{}'));
  if (last.nodes && last.nodes.length !== count) {
    throw new Error(
      `${dataDir} holds a cluster of ${last.nodes.length} broker(s), not ${count}: give another data folder, or remove it.`,
    );
  }
  const taken = new Set();
  const keep = async (port) =>
    port !== undefined && !taken.has(port) && (await isFree(port)) ? (taken.add(port), port) : freePort(taken);
  const nodes = [];
  for (let index = 0; index < count; index += 1) {
    const before = last.nodes?.[index];
    const port = ports?.[index] ?? (await keep(before?.port));
    nodes.push({ id: index + 1, port, controllerPort: await keep(before?.controllerPort) });
  }
  // Kafka's ids are 16 random bytes; its own tool draws again when one begins like an option.
  const clusterId = last.clusterId ?? `C${randomBytes(16).toString('base64url').slice(1)}`;
  await writeFile(`${file}.${process.pid}`, `${JSON.stringify({ clusterId, nodes }, null, 2)}\n`);
  await rename(`${file}.${process.pid}`, file);
  return { clusterId, nodes };
}

/** Why the cluster does not serve yet; undefined when every broker is there for a client that asks, and groups can be joined. */
async function unready(brokers) {
  const kafka = new kafkajs.Kafka({
    clientId: 'concord-cluster',
    brokers: brokers.map(({ address }) => address),
    logLevel: kafkajs.logLevel.NOTHING,
    connectionTimeout: 1_000,
    retry: { retries: 0 },
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
    const { brokers: seen, controller } = await admin.describeCluster();
    if (seen.length < brokers.length || controller === null || controller < 0) {
      return `${seen.length} of ${brokers.length} brokers are there, controller ${controller}`;
    }
    // The first question about a group makes the topic of the groups; each broker then loads its part of it.
    await admin.fetchOffsets({ groupId: 'concord-cluster', topics: [] });
    await admin.listGroups();
    return undefined;
  } catch (error) {
    return error.message;
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

async function untilReady(brokers) {
  const deadline = performance.now() + READY_MS_MAX;
  for (;;) {
    const fallen = brokers.find(({ alive }) => !alive);
    if (fallen) throw new Error(`Kafka broker ${fallen.id} ended before it was ready. It said:\n${await fallen.lastWords()}`);
    const why = await unready(brokers);
    if (why === undefined) return;
    if (performance.now() > deadline) {
      throw new Error(
        `Kafka was not ready after ${READY_MS_MAX / 1_000} s: ${why}. Broker 1 said:\n${await brokers[0].lastWords()}`,
      );
    }
    await pause(100);
  }
}

/**
 * Starts a cluster of `brokers` (1 or 3) on `dataDir` and resolves when it serves. The jars are obtained when they are missing;
 * a folder that was used before is used again, with its topics. With three brokers topics have 3 replicas, 2 of them in sync.
 *
 * `settings(node)` adds to a broker's server.properties; `users` are known by SCRAM from the beginning, as Kafka's storage tool writes them
 * (`SCRAM-SHA-512=[name=…,password=…]`).
 *
 * Resolves with `addresses` (for KAFKA_BROKERS), `brokers` (each with `id`, `port`, `pid`, `alive`, `kill(signal)`, `start()`,
 * `stop()`), `ready()` (after some were started again) and `stop()`. The brokers end with this process, however it ends.
 */
export async function startKafka({
  dataDir,
  brokers: count = 1,
  ports,
  heapMb = 256,
  jars = JARS,
  log = () => undefined,
  settings = () => ({}),
  users = [],
}) {
  if (count !== 1 && count !== 3) throw new Error(`A cluster has 1 broker or 3, not ${count}.`);
  // The kernel's death signal follows the thread that forked: from a worker it would come too early.
  if (!isMainThread) throw new Error('startKafka() must be called on the main thread.');
  const folder = resolve(dataDir);
  await mkdir(folder, { recursive: true });
  const classes = await obtainKafka({ folder: jars, log });
  const { clusterId, nodes } = await nodesOf(folder, count, ports);
  const options = { nodes, dataDir: folder, jars: classes, clusterId, heapMb, settings, users };
  const brokers = nodes.map((node) => new Broker(node, options));
  const stop = async () => {
    await Promise.all(brokers.map((broker) => broker.stop()));
  };
  try {
    log(`starting ${count} Kafka broker(s) on ${folder} …`);
    await Promise.all(brokers.map((broker) => broker.prepare()));
    await Promise.all(brokers.map((broker) => broker.start()));
    await untilReady(brokers);
  } catch (error) {
    await stop();
    throw error;
  }
  const addresses = brokers.map(({ address }) => address);
  log(`Kafka is ready: ${addresses.join(',')}`);
  return { addresses, brokers, clusterId, dataDir: folder, ready: () => untilReady(brokers.filter(({ alive }) => alive)), stop };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [dataDir, count = '1'] = process.argv.slice(2);
  if (!dataDir) {
    process.stderr.write('usage: node infra/kafka/kafka-cluster.mjs <data folder> [1|3]\n');
    process.exit(2);
  }
  try {
    const cluster = await startKafka({ dataDir, brokers: Number(count), log: (line) => process.stderr.write(`${line}\n`) });
    process.stdout.write(`KAFKA_BROKERS=${cluster.addresses.join(',')}\n`);
    const end = () => cluster.stop().then(() => process.exit(0));
    process.once('SIGINT', end).once('SIGTERM', end);
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
