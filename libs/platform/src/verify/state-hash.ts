import { createHash } from 'node:crypto';
import type { Context } from '../context/context.js';
import { Snapshot } from './snapshot.js';
import { stateLine } from './streams-check.js';

/**
 * One hash over everything that was decided: id, version and hash of every stream, sorted by id, context by context in order of
 * their names. A stream's hash covers its events with their ids, business times and correlation ids, so two installations have
 * the same hash only when the same story was told to them with the same ids at the same instants.
 */
export async function stateHash(contexts: Iterable<Context>): Promise<string> {
  const whole = createHash('sha256');
  const sorted = [...contexts].sort((a, b) => (a.service.name < b.service.name ? -1 : 1));
  for (const context of sorted) whole.update(`${context.service.name} ${await contextHash(context)}\n`);
  return whole.digest('hex');
}

/** The same of one context; a verification reports it too. */
export async function contextHash({ database }: Context): Promise<string> {
  const digest = createHash('sha256');
  const snapshot = await Snapshot.open(database.pool);
  try {
    for await (const rows of snapshot.copy('SELECT id, version, hash FROM streams ORDER BY id'))
      for (const [id, version, hash] of rows as readonly (readonly string[])[])
        digest.update(stateLine({ id: id!, version: Number(version), hash: hash! }));
  } finally {
    await snapshot.close();
  }
  return digest.digest('hex');
}
