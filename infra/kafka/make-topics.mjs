// Makes Concord's topics on an existing cluster, as topics.json says, where the services may not do it themselves:
//   KAFKA_BROKERS=kafka-1:9092 node infra/kafka/make-topics.mjs
// Brokers that are encrypted or ask for a password: by the same settings as the services' (KAFKA_TLS, KAFKA_USERNAME, …). A topic that exists is left as it is. With fewer brokers than copies are asked for, each broker has one.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BadConfiguration, readConfiguration } from '@concord/platform/process';
import { kafkaClient, kafkaSecurity, KafkaSettings } from '@concord/platform/serve';

const RETRIES = 3;
const FILE = resolve(import.meta.dirname, 'topics.json');

/** How Concord's topics are made: partitions, replication, retentionMs, and the contexts that have one. */
export const readTopics = async () => JSON.parse(await readFile(FILE, 'utf8'));

/** Makes the topics that are missing; resolves with their names. `security` as in `kafkaSecurity`. */
export async function makeTopics(brokers, security) {
  const { partitions, replication, retentionMs, contexts } = await readTopics();
  const kafka = kafkaClient(brokers, 'concord-topics', security, RETRIES);
  const admin = kafka.admin();
  try {
    await admin.connect();
    const there = new Set(await admin.listTopics());
    const missing = contexts.map((context) => `concord.${context}`).filter((topic) => !there.has(topic));
    const copies = Math.min(replication, (await admin.describeCluster()).brokers.length);
    const configEntries = [
      { name: 'retention.ms', value: String(retentionMs) },
      { name: 'min.insync.replicas', value: String(Math.min(2, copies)) },
    ];
    const topics = missing.map((topic) => ({ topic, numPartitions: partitions, replicationFactor: copies, configEntries }));
    if (topics.length > 0) await admin.createTopics({ topics, timeout: 30_000 });
    return missing;
  } catch (cause) {
    throw new Error(`No topics made on Kafka at ${brokers.join(', ')}: ${cause.message}`, { cause });
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const settings = readConfiguration(KafkaSettings);
    const made = await makeTopics(settings.KAFKA_BROKERS.split(','), kafkaSecurity(settings));
    process.stdout.write(made.length > 0 ? `made ${made.join(', ')}\n` : 'every topic is there\n');
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error instanceof BadConfiguration ? 2 : 1;
  }
}
