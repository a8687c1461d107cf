// One Kafka broker process, combined broker and controller.
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const LOG_LINES_MAX = 30;

/** Quick to start and small: what a broker needs for a cluster on one machine. */
const jvm = (heapMb) => [
  `-Xms${Math.min(128, heapMb)}m`,
  `-Xmx${heapMb}m`,
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-Djava.awt.headless=true',
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
  '-Dorg.slf4j.simpleLogger.showDateTime=true',
];

/** Lines of server.properties for one of `nodes`; `more(node)` adds to them, or says otherwise. */
export function properties(node, nodes, folder, more) {
  const replicas = Math.min(3, nodes.length);
  const inSync = Math.min(2, replicas);
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': node.id,
    listeners: `PLAINTEXT://127.0.0.1:${node.port},CONTROLLER://127.0.0.1:${node.controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${node.port}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.quorum.voters': nodes.map(({ id, controllerPort }) => `${id}@127.0.0.1:${controllerPort}`).join(','),
    'log.dirs': folder,
    'auto.create.topics.enable': false,
    'num.partitions': 6,
    'default.replication.factor': replicas,
    'min.insync.replicas': inSync,
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': 6,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': inSync,
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': inSync,
    'group.initial.rebalance.delay.ms': 0,
    // A broker that was killed is noticed after 6 s instead of 9: leaders move sooner.
    'broker.session.timeout.ms': 6000,
    'broker.heartbeat.interval.ms': 1000,
    'log.cleaner.dedupe.buffer.size': 16 * 1024 * 1024,
    'num.network.threads': 2,
    'num.io.threads': 4,
    ...more(node),
  };
  return Object.entries(settings).map(([name, value]) => `${name}=${value}`);
}

/** Whether this system can tie a child's life to ours. */
async function setpriv() {
  try {
    await run('setpriv', ['--pdeathsig', 'KILL', 'true']);
    return ['setpriv', '--pdeathsig', 'KILL'];
  } catch {
    return [];
  }
}

/** Still there, and not a zombie that nobody reaped. */
const isAlive = (child) => child !== undefined && child.exitCode === null && child.signalCode === null;

/** A broker with its data folder; it can be started, stopped and killed again and again. */
export class Broker {
  #child;
  #exited = Promise.resolve();

  constructor(node, { nodes, dataDir, jars, clusterId, heapMb, settings, users }) {
    this.id = node.id;
    this.port = node.port;
    this.address = `127.0.0.1:${node.port}`;
    this.node = node;
    this.nodes = nodes;
    this.clusterId = clusterId;
    this.classpath = join(jars, '*');
    this.heapMb = heapMb;
    this.settings = settings;
    this.users = users;
    this.folder = join(dataDir, `broker-${node.id}`);
    this.settingsFile = join(this.folder, 'server.properties');
    this.logFile = join(this.folder, 'server.log');
  }

  get pid() {
    return this.#child?.pid;
  }

  get alive() {
    return isAlive(this.#child);
  }

  /** Writes the settings, and the storage format if the folder has none. The folder of an earlier start is kept as it is. */
  async prepare() {
    const data = join(this.folder, 'data');
    await mkdir(data, { recursive: true });
    await writeFile(this.settingsFile, `${properties(this.node, this.nodes, data, this.settings).join('\n')}\n`);
    if (existsSync(join(data, 'meta.properties'))) return;
    const format = ['kafka.tools.StorageTool', 'format', '--ignore-formatted', '-t', this.clusterId, '-c', this.settingsFile];
    const users = this.users.flatMap((user) => ['--add-scram', user]);
    await run('java', [...jvm(128), '-cp', this.classpath, ...format, ...users], { timeout: 120_000 });
  }

  /** Starts the process; resolves when it runs, not when it answers. Detached: Ctrl-C must reach the application first. */
  async start() {
    if (this.alive) return;
    const [file, ...args] = [
      ...(await setpriv()),
      'java',
      ...jvm(this.heapMb),
      '-cp',
      this.classpath,
      'kafka.Kafka',
      this.settingsFile,
    ];
    const log = await open(this.logFile, 'a');
    try {
      const child = spawn(file, args, { cwd: this.folder, detached: true, stdio: ['ignore', log.fd, log.fd] });
      await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
      const end = () => this.kill('SIGKILL');
      process.once('exit', end);
      this.#exited = new Promise((resolve) =>
        child.once('exit', () => {
          process.removeListener('exit', end);
          resolve();
        }),
      );
      this.#child = child;
    } finally {
      await log.close();
    }
  }

  /** Sends a signal; one that is gone already is no error. SIGKILL is a crash, SIGSTOP and SIGCONT hold it still. */
  kill(signal = 'SIGKILL') {
    if (this.alive) this.#child.kill(signal);
  }

  /** Resolves when the process is gone. */
  get exited() {
    return this.#exited;
  }

  /** Ends it: asked first, killed after the deadline. What it acknowledged is on disk or with the other brokers. */
  async stop(waitMsMax = 15_000) {
    if (!this.alive) return;
    this.kill('SIGCONT');
    this.kill('SIGTERM');
    const timer = setTimeout(() => this.kill('SIGKILL'), waitMsMax);
    await this.#exited;
    clearTimeout(timer);
  }

  /** The last lines it said. */
  async lastWords() {
    const text = await readFile(this.logFile, 'utf8').catch(() => '');
    return text.trimEnd().split('\n').slice(-LOG_LINES_MAX).join('\n');
  }
}
