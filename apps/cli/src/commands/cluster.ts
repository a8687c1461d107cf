import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UsageFault } from '../terminal.js';

/** Options of `concord cluster`, which every one of its commands has. */
export interface ClusterOptions {
  readonly data?: string;
  readonly port?: string;
  readonly brokers?: string;
  readonly json?: boolean;
}

/** What may be asked of a cluster. */
export type ClusterVerb = 'start' | 'stop' | 'status' | 'kill';

const SCRIPT = join(import.meta.dirname, '../../../../infra/scripts/cluster.mjs');

/**
 * `concord cluster …`: the distributed composition on this machine. It needs the checkout, because it builds and starts the services;
 * the script that `npm run cluster` runs does the work. Resolves to its exit code, which is one of ours.
 */
export async function cluster(verb: ClusterVerb, part: string | undefined, options: ClusterOptions): Promise<number> {
  if (!existsSync(SCRIPT))
    throw new UsageFault('concord cluster works in a checkout of Concord only. Elsewhere use docker compose or Helm.');
  const named = (['data', 'port', 'brokers'] as const).flatMap((name) =>
    options[name] === undefined ? [] : [`--${name}`, options[name]],
  );
  const args = [SCRIPT, verb, ...(part === undefined ? [] : [part]), ...named, ...(options.json ? ['--json'] : [])];
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
