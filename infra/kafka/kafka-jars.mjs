// Obtains Apache Kafka's jars from Maven Central, once: a later call with the same pom.xml finds them and needs no network.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const POM = resolve(import.meta.dirname, 'pom.xml');
const JAVA_MAJOR_MIN = 17;
const MAVEN_MS_MAX = 9 * 60_000;
const STAMP = 'obtained';

/** Where the jars are kept by default; outside version control, reused by every later start. */
export const JARS = resolve(import.meta.dirname, 'target/kafka');

/** Something this machine lacks to run Kafka; the message names what to install and the way without it. */
export class KafkaUnavailable extends Error {
  constructor(what) {
    super(
      `${what}\nTo run Kafka on this machine, install Java ${JAVA_MAJOR_MIN} or newer and Maven (Debian, Ubuntu: ` +
        'apt-get install openjdk-17-jre-headless maven).\nTo use an existing cluster instead, set KAFKA_BROKERS to its addresses, ' +
        'for example KAFKA_BROKERS=kafka-1:9092,kafka-2:9092.',
    );
    this.name = 'KafkaUnavailable';
  }
}

/** What the machine has, or what it lacks, in words; undefined when Java is there and new enough. */
async function javaLacking() {
  try {
    const { stdout, stderr } = await run('java', ['-version'], { timeout: 30_000 });
    const [, major = ''] = /version "(?:1\.)?(\d+)/u.exec(stdout + stderr) ?? [];
    return Number(major) >= JAVA_MAJOR_MIN
      ? undefined
      : `Kafka needs Java ${JAVA_MAJOR_MIN} or newer; here it is ${major || 'unknown'}.`;
  } catch (error) {
    return error.code === 'ENOENT' ? 'Java is not installed.' : `Java does not run: ${error.message}`;
  }
}

/** Digest of what the jars were obtained for: another pom.xml means other jars. */
const wanted = async () =>
  createHash('sha256')
    .update(await readFile(POM))
    .digest('hex');

/** Whether the folder holds the jars of the present pom.xml, wholly. */
async function isObtained(folder) {
  const stamp = await readFile(join(folder, STAMP), 'utf8').catch(() => '');
  return stamp.trim() === (await wanted());
}

/** Why Kafka could not run here, without trying to obtain anything; undefined when nothing is missing. */
export async function kafkaLacking(folder = JARS) {
  const java = await javaLacking();
  if (java !== undefined || (await isObtained(folder))) return java;
  try {
    await run('mvn', ['-version'], { timeout: 60_000 });
    return undefined;
  } catch (error) {
    return error.code === 'ENOENT' ? 'Maven is not installed.' : `Maven does not run: ${error.message}`;
  }
}

/** Copies the jars into a folder of this process and puts it in place whole: a download that was cut off leaves nothing that looks done. */
async function download(folder) {
  const draft = `${folder}.${process.pid}`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(dirname(folder), { recursive: true });
  try {
    const goals = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${draft}`];
    await run('mvn', ['-q', '-B', '-f', POM, ...goals], { timeout: MAVEN_MS_MAX, maxBuffer: 16 * 1024 * 1024 });
    await writeFile(join(draft, STAMP), `${await wanted()}\n`);
    await rm(folder, { recursive: true, force: true });
    await rename(draft, folder);
  } catch (cause) {
    // Somebody else may have put the same jars in place meanwhile.
    if (await isObtained(folder)) return;
    const said = [cause.stdout, cause.stderr, cause.message].filter(Boolean).join('\n').trim().split('\n').slice(-15).join('\n');
    throw new KafkaUnavailable(`Maven could not obtain Apache Kafka (is Maven Central reachable from here?). It said:\n${said}`);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/**
 * Folder with Kafka's jars, downloaded through Maven when they are not there yet (44 MB, about 10 s).
 * Throws KafkaUnavailable when Java 17, Maven or Maven Central is missing.
 */
export async function obtainKafka({ folder = JARS, log = () => undefined } = {}) {
  const lacking = await kafkaLacking(folder);
  if (lacking !== undefined) throw new KafkaUnavailable(lacking);
  if (await isObtained(folder)) return folder;
  log(`obtaining Apache Kafka through Maven into ${folder} …`);
  await download(folder);
  log(`Apache Kafka is here: ${(await readdir(folder)).length - 1} jars`);
  return folder;
}
