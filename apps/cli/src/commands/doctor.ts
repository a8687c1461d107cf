import { NoAnswer } from '@concord/client';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EveryCommand } from '../server.js';
import { EXIT, print, printJson, tableLines } from '../terminal.js';

const NODE_MIN = [20, 19] as const;

/** Version of this command line. */
export const VERSION = (
  JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as { readonly version: string }
).version;

interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly found: string;
}

function node(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const ok = major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1]);
  return { name: 'node', ok, found: `${process.versions.node} (at least ${NODE_MIN.join('.')})` };
}

/** `/readyz` lies outside of the API, so it is fetched plainly. */
async function readiness(api: string): Promise<Finding[]> {
  const url = `${api.replace(/\/+$/u, '')}/readyz`;
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) }).catch((cause: unknown) => {
    throw new NoAnswer('GET', url, cause);
  });
  const body = (await response.json().catch(() => ({}))) as { status?: string; version?: string; unready?: Record<string, string> };
  const { version = 'unknown', unready = {} } = body;
  return [
    { name: 'server', ok: response.ok, found: `${body.status ?? response.status} at ${api}` },
    { name: 'versions', ok: version === VERSION, found: `server ${version}, concord ${VERSION}` },
    ...Object.entries(unready).map(([name, found]) => ({ name, ok: false, found })),
  ];
}

/** `concord doctor`: whether this machine and the server are fit. */
export async function doctor({ api, json }: EveryCommand): Promise<number> {
  const findings = [node(), ...(await readiness(api))];
  const ok = findings.every((finding) => finding.ok);
  if (json) printJson({ ok, findings });
  else
    for (const line of tableLines(findings.map(({ name, ok: fine, found }) => [fine ? 'ok' : 'FAULT', name, found]))) print(line);
  return ok ? EXIT.ok : EXIT.failed;
}
