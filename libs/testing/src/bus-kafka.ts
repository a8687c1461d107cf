import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** One broker of a test cluster. */
export interface TestBroker {
  readonly id: number;
  readonly port: number;
  readonly pid: number | undefined;
  readonly alive: boolean;
  /** Resolves when its process is gone. */
  readonly exited: Promise<void>;
  /** SIGKILL when no signal is given: a crash. */
  kill(signal?: NodeJS.Signals): void;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** A real Apache Kafka of a test's own. */
export interface TestKafka {
  /** `host:port` of every broker. */
  readonly addresses: readonly string[];
  readonly brokers: readonly TestBroker[];
  /** Resolves when every broker that lives serves again. */
  ready(): Promise<void>;
  /** Ends the brokers and removes their data. */
  stop(): Promise<void>;
}

const FOLDER = resolve(import.meta.dirname, '../../../infra/kafka');
const script = <Exports>(name: string): Promise<Exports> => import(pathToFileURL(join(FOLDER, name)).href) as Promise<Exports>;

/**
 * Why specs cannot have a Kafka here; undefined when they can. On a build server (CI=true) it is never an excuse: they have to
 * start one, and fail.
 */
export async function kafkaLacking(): Promise<string | undefined> {
  if (process.env['CI'] === 'true') return undefined;
  const { kafkaLacking: lacking } = await script<{ kafkaLacking(): Promise<string | undefined> }>('kafka-jars.mjs');
  return lacking();
}

/** What a spec may want of its brokers besides. */
export interface KafkaSetUp {
  /** Adds to a broker's server.properties, or says otherwise. */
  settings?(node: { readonly port: number; readonly controllerPort: number }): Readonly<Record<string, string>>;
  /** Users that are known by SCRAM, as Kafka's storage tool writes them. */
  readonly users?: readonly string[];
}

/** Starts Apache Kafka with one broker or three for a spec; about 5 s. The caller stops it. */
export async function startTestKafka(brokers: 1 | 3 = 1, setUp: KafkaSetUp = {}): Promise<TestKafka> {
  const { startKafka } = await script<{
    startKafka(options: KafkaSetUp & { dataDir: string; brokers: number }): Promise<TestKafka>;
  }>('kafka-cluster.mjs');
  const dataDir = await mkdtemp(join(tmpdir(), `concord-kafka-${process.pid}-`));
  const cluster = await startKafka({ dataDir, brokers, ...setUp });
  return {
    ...cluster,
    stop: async () => {
      await cluster.stop();
      await rm(dataDir, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}
