import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { kafkaLacking } from './bus-kafka.js';

const FOLDER = resolve(import.meta.dirname, '../../../infra/kafka');
const STEPS_MS_MAX = 120_000;

const node = (args: readonly string[], env: Record<string, string> = {}) =>
  spawnSync(process.execPath, args, { encoding: 'utf8', env: { PATH: process.env['PATH'] ?? '', ...env }, timeout: STEPS_MS_MAX });

/** Runs the cluster by hand, as its README says; resolves with its first line. */
async function byHand(dataDir: string) {
  const child = spawn(process.execPath, [join(FOLDER, 'kafka-cluster.mjs'), dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise((ended) => child.once('exit', ended));
  const line = await new Promise<string>((said, fail) => {
    createInterface({ input: child.stdout }).once('line', said);
    child.once('exit', (code) => fail(new Error(`the cluster ended with ${code} before it was ready`)));
  });
  return { child, exited, line };
}

/** Processes whose command line names the folder. */
const brokersOn = (folder: string): string[] =>
  spawnSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
    .stdout.split('\n')
    .filter((line) => /kafka\.Kafka/u.test(line) && line.includes(folder));

describe('a machine without Java', () => {
  it('is told what to install and what to set instead', async () => {
    const { stderr, status } = node([join(FOLDER, 'kafka-cluster.mjs'), join(tmpdir(), 'never-made')], { PATH: '/nowhere' });
    expect(status).toBe(1);
    expect(stderr).toMatch(/Java is not installed.+apt-get install openjdk-17-jre-headless maven.+KAFKA_BROKERS/su);
  });
});

const lacking = await kafkaLacking();
if (lacking === undefined) {
  describe('a cluster on this machine', () => {
    it('keeps its topics and addresses over a restart, and leaves nothing behind when it stops or is killed', async () => {
      const folder = await mkdtemp(join(tmpdir(), `concord-kafka-${process.pid}-`));
      try {
        const first = await byHand(folder);
        expect(first.line).toMatch(/^KAFKA_BROKERS=127\.0\.0\.1:\d+$/u);
        const env = Object.fromEntries([first.line.split('=')]) as Record<string, string>;
        expect(node([join(FOLDER, 'make-topics.mjs')], env).stdout).toMatch(/^made concord\.directory, /u);
        first.child.kill('SIGTERM');
        await first.exited;
        expect(brokersOn(folder)).toEqual([]);

        const second = await byHand(folder);
        expect(second.line).toBe(first.line);
        expect(node([join(FOLDER, 'make-topics.mjs')], env).stdout).toBe('every topic is there\n');
        expect(brokersOn(folder)).toHaveLength(1);
        second.child.kill('SIGKILL');
        await second.exited;
        const deadline = performance.now() + STEPS_MS_MAX;
        while (existsSync('/usr/bin/setpriv') && brokersOn(folder).length > 0) {
          if (performance.now() > deadline) throw new Error(`still there: ${brokersOn(folder).join('\n')}`);
        }
      } finally {
        for (const line of brokersOn(folder)) process.kill(Number.parseInt(line, 10), 'SIGKILL');
        await rm(folder, { recursive: true, force: true, maxRetries: 10 });
      }
    });

    it('says which brokers it could not reach', () => {
      const { stderr, status } = node([join(FOLDER, 'make-topics.mjs')], { KAFKA_BROKERS: '127.0.0.1:1' });
      expect(status).toBe(1);
      expect(stderr).toMatch(/No topics made on Kafka at 127\.0\.0\.1:1: .*ECONNREFUSED/u);
    });
  });
} else {
  it('NOT RUN here: a cluster on this machine', () => {
    process.stderr.write(`\nThe specs of the Kafka cluster were skipped: ${lacking}\n`);
  });
}
