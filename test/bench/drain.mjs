// P7: a log that is committed all at once, until Kafka has acknowledged the last event: the pledges' own service ÷ kafkajs alone with
// the same options and messages. One broker; the events are of a kind that no read model follows.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import kafkajs from 'kafkajs';
import pg from 'pg';
import { startKafka } from '../../infra/kafka/kafka-cluster.mjs';
import { startChild } from './child.mjs';
import { addEvents, untilRead, versionOf } from './many-events.mjs';

const KIND = 'LineAmended';
const EVENTS_A_SECOND = 15_000;
const APP = join(import.meta.dirname, '../../dist/pledges/main.js');

async function startPledges(databaseUrl, brokers, track) {
  const env = {
    ...process.env,
    CONCORD_ENV: 'production',
    CONCORD_PORT: '0',
    DATABASE_URL: databaseUrl,
    KAFKA_BROKERS: brokers,
    KAFKA_REPLICATION: '1',
  };
  const child = spawn(process.execPath, ['--max-semi-space-size=4', APP], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const tracked = { pid: child.pid };
  track(tracked);
  child.once('exit', () => (tracked.pid = undefined));
  let log = '';
  await new Promise((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text) => {
      log = (log + text).slice(-20_000);
      if (log.includes('"msg":"ready"')) resolve();
    });
    child.once('exit', (code) => reject(new Error(`the pledges' service ended with ${code} before it was ready:\n${log}`)));
  });
  return async () => {
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
}

/** Messages of the topic and how many of their ids differ, read by a consumer of our own from where it was. */
async function readTopic(kafka, ids, wanted) {
  const consumer = kafka.consumer({ groupId: 'bench', sessionTimeout: 10_000 });
  await consumer.connect();
  await consumer.subscribe({ topic: 'concord.pledges', fromBeginning: true });
  let read = 0;
  const done = new Promise((resolve) => {
    const silent = setTimeout(resolve, 30_000);
    const eachBatch = async ({ batch }) => {
      for (const { headers } of batch.messages) ids.add(headers.ce_id.toString());
      read += batch.messages.length;
      if (read < wanted) return;
      clearTimeout(silent);
      resolve();
    };
    void consumer.run({ eachBatch });
  });
  await done;
  await consumer.disconnect();
  return read;
}

/** Events a second, per round. */
export async function drain({ server, rounds, seconds, note, track = () => undefined }) {
  const databaseUrl = await server.database('bench_drain');
  const kafkaCluster = await startKafka({ dataDir: join(server.folder, 'drain-kafka'), brokers: 1 });
  const brokers = kafkaCluster.addresses.join(',');
  const client = new pg.Client({ connectionString: databaseUrl });
  const figures = { concord: [], bare: [] };
  const checks = { lost: 0, double: 0 };
  const ids = new Set();
  let [stop, producer] = [async () => undefined, undefined];
  try {
    stop = await startPledges(databaseUrl, brokers, track);
    producer = startChild('peers/producer.mjs', [brokers]);
    await client.connect();
    const kafka = new kafkajs.Kafka({ clientId: 'bench', brokers: kafkaCluster.addresses, logLevel: kafkajs.logLevel.NOTHING });
    const count = EVENTS_A_SECOND * seconds;
    let total = 0;
    const concord = async (events) => {
      total += events;
      return (events * 1000) / (await untilRead(client, 'relay', await addEvents(client, KIND, events)));
    };
    const bare = async (events) =>
      (events * 1000) / (await producer.ask('send', { count: events, kind: KIND, version: versionOf(KIND) }));
    await concord(5_000);
    await bare(5_000);
    let read = 0;
    for (let round = 0; round < rounds; round += 1) {
      figures.concord.push(await concord(count));
      figures.bare.push(await bare(count));
      read += await readTopic(kafka, ids, total - read);
      checks.lost = total - ids.size;
      checks.double = read - ids.size;
      note(`to Kafka: ${Math.round(figures.concord.at(-1))} events/s, kafkajs alone ${Math.round(figures.bare.at(-1))}`);
    }
  } finally {
    await stop();
    await producer?.end();
    await client.end();
    await kafkaCluster.stop();
  }
  return {
    ratios: figures.concord.map((rate, round) => rate / figures.bare[round]),
    rivals: [
      { name: "the pledges' service, log to Kafka 4, acknowledged", unit: 'events/s', rounds: figures.concord },
      { name: 'kafkajs 2.2.4 alone, same messages and options', unit: 'events/s', rounds: figures.bare },
    ],
    checks,
  };
}
