import { verifyStream, type ExportedStream } from '@concord/client';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CONTEXTS, operator, verification, type EveryCommand, type Report } from '../server.js';
import { EXIT, print, printJson, progress, tableLines, UsageFault } from '../terminal.js';

/** Options of `concord verify`. */
export interface VerifyOptions extends EveryCommand {
  readonly stream?: string;
  /** Over the database itself instead of a server. */
  readonly database?: boolean;
}

const PROGRAM = join(import.meta.dirname, '../../../../dist/standalone/verify.js');

/**
 * Verifies over the database itself (`DATABASE_URL`, or the embedded one of `CONCORD_DATA_DIR`): one process then sees every log, which the
 * services of a distributed installation do not. Throws with the program's words when it cannot.
 */
async function verifyDatabase(): Promise<readonly Report[]> {
  if (!existsSync(PROGRAM))
    throw new UsageFault(
      'concord verify --database works where Concord is installed: in a checkout that is built, or in its image.',
    );
  progress('verifying the database …');
  const child = spawn(process.execPath, [PROGRAM], { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  const [code] = (await once(child, 'close')) as [number | null];
  progress('');
  if (code !== 0) throw new UsageFault('The database could not be verified.');
  return JSON.parse(out) as readonly Report[];
}

/** Prints every check of the reports. */
export function printReports(reports: readonly Report[]): void {
  const rows = reports.flatMap(({ context, checks }) =>
    checks.map(({ name, checked, differences, note }) => [
      differences === 0 ? 'ok' : 'DIFFERS',
      context,
      checked.toLocaleString('en-US'),
      note === undefined ? name : `${name} (${note})`,
    ]),
  );
  for (const line of tableLines([['', 'context', 'checked', 'check'], ...rows])) print(line);
  for (const { context, checks } of reports) {
    for (const { name, differences, first } of checks) {
      if (differences > 0) print(`\n${context}, ${name}: ${differences} differences`);
      for (const { where, what } of first) print(`  ${where}: ${what}`);
    }
  }
  const clean = reports.every(({ ok }) => ok);
  print(clean ? '\nEvery check is clean.' : '\nSome checks found differences.');
}

/** Verifies every context of a running server. */
export async function verifyServer(options: EveryCommand): Promise<readonly Report[]> {
  const client = await operator(options);
  const reports: Report[] = [];
  for (const context of CONTEXTS) {
    progress(`verifying ${context} …`);
    reports.push(await verification(client, context));
  }
  progress('');
  return reports;
}

async function exported(file: string): Promise<ExportedStream> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UsageFault(`${file} cannot be read.`, { cause });
  });
  try {
    const stream = JSON.parse(text) as ExportedStream;
    if (typeof stream.stream === 'string' && Array.isArray(stream.events)) return stream;
  } catch (cause) {
    throw new UsageFault(`${file} is not JSON.`, { cause });
  }
  throw new UsageFault(`${file} is not an exported stream: it has no "stream" or no "events".`);
}

async function verifyFile(file: string, json: boolean): Promise<number> {
  const verdict = await verifyStream(await exported(file));
  if (json) printJson(verdict);
  else {
    for (const { version, message } of verdict.faults) print(`version ${version}: ${message}`);
    print(`${verdict.intact ? 'intact' : 'NOT INTACT'}: ${verdict.events} events, head ${verdict.head}`);
  }
  return verdict.intact ? EXIT.ok : EXIT.failed;
}

/** `concord verify` */
export async function verify(options: VerifyOptions): Promise<number> {
  if (options.stream !== undefined) return verifyFile(options.stream, options.json === true);
  const reports = options.database === true ? await verifyDatabase() : await verifyServer(options);
  if (options.json) printJson({ ok: reports.every(({ ok }) => ok), reports });
  else printReports(reports);
  return reports.every(({ ok }) => ok) ? EXIT.ok : EXIT.failed;
}
