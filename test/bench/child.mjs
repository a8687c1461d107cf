// Processes of a measurement, asked by messages: rivals and loads each have one, so that none takes another's turn.
import { fork } from 'node:child_process';
import { join } from 'node:path';

const children = new Set();
process.on('exit', () => children.forEach((child) => child.kill('SIGKILL')));

/**
 * Starts a script of this folder. `ask` sends a message and resolves to the answer to it; a script that fails fails whoever asks.
 * `hear` gets what the script says by itself.
 */
export function startChild(script, args = [], { execArgv = [], hear = () => undefined } = {}) {
  const child = fork(join(import.meta.dirname, script), args, { execArgv });
  const waiting = new Map();
  let number = 0;
  let over;
  children.add(child);
  child.on('message', (message) => {
    if (message.id === undefined) return hear(message);
    const { resolve, reject } = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.error) reject(new Error(`${script}: ${message.error}`));
    else resolve(message.value);
  });
  child.on('exit', (code, signal) => {
    children.delete(child);
    over = new Error(`${script} ended with ${code ?? signal}`);
    for (const { reject } of waiting.values()) reject(over);
  });
  return {
    pid: child.pid,
    ask: (verb, given) =>
      new Promise((resolve, reject) => {
        if (over) return reject(over);
        number += 1;
        waiting.set(number, { resolve, reject });
        child.send({ id: number, verb, given });
      }),
    tell: (message) => child.send(message),
    end: () =>
      new Promise((resolve) => {
        if (over) return resolve();
        child.once('exit', resolve);
        child.kill('SIGKILL');
      }),
  };
}

/** The child's side: answers each verb by its function; `hear` gets what needs no answer. */
export function serve(verbs, hear = () => undefined) {
  process.on('disconnect', () => process.exit());
  process.on('message', ({ id, verb, given, ...rest }) => {
    if (id === undefined) return hear(rest);
    void (async () => verbs[verb](given))().then(
      (value) => process.send({ id, value }),
      (error) => process.send({ id, error: error.stack }),
    );
  });
}

/** Percentile of sorted figures; 0 of none. */
export const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
