import { GENESIS_HASH, hashInput, type HashedEvent } from '@concord/contracts';
import type { Client } from './client.js';

/** An exported stream: what `GET /<plural>/{id}/stream` gives, all pages in one. */
export interface ExportedStream {
  readonly context?: string;
  readonly kind?: string;
  readonly stream: string;
  /** Version of the stream at the time of the export: the number of its events. */
  readonly version: number;
  readonly events: readonly (HashedEvent & { readonly hash: string })[];
}

/** One thing that is wrong with an export. */
export interface StreamFault {
  readonly version: number;
  readonly fault: 'foreign_event' | 'missing_event' | 'wrong_hash' | 'cut_tail';
  readonly message: string;
}

/** What an offline check found. `head` is the hash of the last event: it stands for the whole history and can be compared elsewhere. */
export interface StreamVerdict {
  readonly intact: boolean;
  readonly events: number;
  readonly head: string;
  readonly faults: readonly StreamFault[];
}

async function sha256(text: string): Promise<string> {
  const digest = await globalThis.crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Recomputes the hash chain of an exported stream (R50); needs no server. An edited, removed, swapped or foreign event and a cut
 * tail are faults. A history rewritten from one event on, with fresh hashes, is whole by itself: compare `head` with a copy kept
 * elsewhere, or with a signed checkpoint.
 */
export async function verifyStream(exported: ExportedStream): Promise<StreamVerdict> {
  const faults: StreamFault[] = [];
  let previous = GENESIS_HASH;
  let expected = 1;
  for (const { hash, ...event } of exported.events) {
    const fault = (kind: StreamFault['fault'], message: string) => faults.push({ version: event.version, fault: kind, message });
    if (event.stream !== exported.stream) fault('foreign_event', `Event ${event.version} belongs to the stream ${event.stream}.`);
    if (event.version !== expected) fault('missing_event', `Where event ${expected} should be stands event ${event.version}.`);
    if ((await sha256(hashInput(previous, event))) !== hash) {
      fault('wrong_hash', `Event ${event.version} does not fit its hash: it, or what came before it, was changed.`);
    }
    previous = hash;
    expected = event.version + 1;
  }
  if (expected !== exported.version + 1) {
    const message = `The stream has ${exported.version} events, the export ends at ${expected - 1}.`;
    faults.push({ version: exported.version, fault: 'cut_tail', message });
  }
  return { intact: faults.length === 0, events: exported.events.length, head: previous, faults };
}

/** Exports a stream: all its pages as one. Events appended meanwhile are in it too. */
export async function exportStream(client: Client, plural: string, id: string): Promise<ExportedStream> {
  const events: (HashedEvent & { hash: string })[] = [];
  for (;;) {
    const after = events.at(-1)?.version ?? 0;
    const { body } = await client.get<ExportedStream>(`/${plural}/${id}/stream`, { query: { after } });
    events.push(...body.events);
    if (body.events.length === 0 || (events.at(-1)?.version ?? 0) >= body.version) return { ...body, events };
  }
}
