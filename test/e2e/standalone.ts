import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

/** The standalone app as a child process, as `npm start` runs it. */
export class Standalone {
  private constructor(
    private readonly child: ChildProcess,
    private readonly dataDir: string,
    /** Where it serves, as its announcement says. */
    readonly url: string,
    /** Everything it wrote to standard output. */
    readonly announcement: string,
  ) {}

  /** Starts the built app and waits for its announcement; throws with its output when it ends before. */
  static async start(dataDir: string, settings: Readonly<Record<string, string>>): Promise<Standalone> {
    const env = {
      ...process.env,
      CONCORD_DATA_DIR: dataDir,
      CONCORD_PORT: '0',
      CONCORD_LOG_LEVEL: 'error',
      NODE_OPTIONS: '',
      ...settings,
    };
    const child = spawn(process.execPath, ['dist/standalone/main.js'], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, faults] = ['', ''];
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (faults += text));
    const url = await new Promise<string>((found, fail) => {
      child.stdout!.setEncoding('utf8').on('data', (text: string) => {
        out += text;
        const ready = /is ready at (\S+)[\s\S]*Ctrl-C/u.exec(out)?.[1];
        if (ready !== undefined) found(ready);
      });
      child.on('error', fail);
      child.on('exit', (code) => fail(new Error(`the app ended with ${code} before it was ready:\n${out}\n${faults}`)));
    });
    return new Standalone(child, dataDir, url, out);
  }

  /** Process id of the embedded database. */
  databasePid(): number {
    return Number(readFileSync(join(this.dataDir, 'postgres/cluster/postmaster.pid'), 'utf8').split('\n')[0]);
  }

  /** Ctrl-C; resolves to the exit code. */
  async interrupt(): Promise<number | null> {
    if (this.child.exitCode !== null) return this.child.exitCode;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGINT');
    return ((await ended) as [number | null])[0];
  }
}

/** Whether a process exists. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
