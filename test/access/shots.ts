import type { Actor } from '@concord/testing';
import { uuidv7 } from '@concord/platform';
import { Agent, request } from 'node:http';

/** One hostile request. */
export interface Shot {
  readonly what: string;
  readonly method: string;
  /** Below /api/v1, already escaped. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Uint8Array;
  readonly as: Actor;
  /** `shape`: refused for its shape; `refused`: any 4xx; `answered`: anything but a fault of ours; a number: that status. */
  readonly expect: 'shape' | 'refused' | 'answered' | number;
}

/** What came back, or why nothing did. */
interface Shown {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** A request that takes longer hangs. */
const HANG_MS = 15_000;
const AT_ONCE = 16;
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });

/** Ends the connections that were kept. */
export const ceaseFire = (): void => agent.destroy();

function fire(port: number, { method, path, headers = {}, body, as }: Shot): Promise<Shown> {
  const sent: Record<string, string | string[]> = {
    ...(as.token === undefined ? {} : { authorization: `Bearer ${as.token}` }),
    ...(as.organisation === undefined ? {} : { 'concord-organisation': as.organisation }),
    ...(method === 'GET' ? {} : { 'idempotency-key': uuidv7(), 'content-type': 'application/json' }),
    ...(method === 'PATCH' ? { 'if-match': '"1"' } : {}),
    ...headers,
    ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
  };
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { port, host: '127.0.0.1', method, path: `/api/v1${path}`, headers: sent, agent, timeout: HANG_MS },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            type: incoming.headers['content-type'] ?? '',
            text: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      },
    );
    outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${HANG_MS} ms`)));
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

interface Problem {
  readonly code?: unknown;
  readonly correlationId?: unknown;
  readonly status?: unknown;
  readonly errors?: readonly { readonly pointer?: unknown; readonly message?: unknown }[];
}

/** What is wrong with an answer that refuses. */
function faultOfProblem({ status, type, text }: Shown, isShape: boolean): string | undefined {
  if (!type.startsWith('application/problem+json')) return `${status} as ${type}: ${text.slice(0, 80)}`;
  const { code, correlationId, status: told, errors } = JSON.parse(text) as Problem;
  if (typeof code !== 'string' || typeof correlationId !== 'string' || told !== status)
    return `an incomplete problem: ${text.slice(0, 200)}`;
  if (
    isShape &&
    code === 'invalid' &&
    !(errors?.length && errors.every(({ pointer, message }) => typeof pointer === 'string' && message))
  ) {
    return `no pointers: ${text.slice(0, 200)}`;
  }
  return /at \w+ \(|node_modules|SELECT |INSERT /u.test(text) ? `our inside: ${text.slice(0, 200)}` : undefined;
}

function faultOf({ expect }: Shot, shown: Shown): string | undefined {
  const { status, text } = shown;
  if (status >= 500) return `${status} ${text.slice(0, 200)}`;
  const wrong = status >= 400 ? faultOfProblem(shown, expect === 'shape') : undefined;
  if (wrong !== undefined || expect === 'answered') return wrong;
  if (typeof expect === 'number') return status === expect ? undefined : `${status} instead of ${expect}: ${text.slice(0, 120)}`;
  if (expect === 'shape')
    return [400, 413, 415].includes(status) ? undefined : `${status} instead of a fault of shape: ${text.slice(0, 120)}`;
  return status >= 400 ? undefined : `${status} instead of a refusal`;
}

/** Sends all, some at a time, and tells what was wrong with the answers. */
export async function fireAll(port: number, shots: readonly Shot[]): Promise<string[]> {
  const faults: string[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let shot = shots[next++]; shot; shot = shots[next++]) {
      const said = await fire(port, shot).then(
        (shown) => faultOf(shot, shown),
        (error: unknown) => String(error),
      );
      if (said !== undefined) faults.push(`${shot.method} ${shot.path.slice(0, 120)} ${shot.what}: ${said}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return faults;
}
