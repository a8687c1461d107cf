import { GENESIS_HASH, hashInput } from '@concord/kernel';
import { createHash } from 'node:crypto';
import { Findings, grouped, type Finding } from './findings.js';
import type { Heard } from './room-listener.js';
import type { StoredEvent, StoredRows } from './stored-rows.js';

const idOf = ({ stream, version }: StoredEvent): string => `${stream}/${version}`;

/** I6, I8, I10: what was published took effect at the listener, once, nothing else did, and nothing is parked. */
export function checkDelivery({ events, marks, feed, parked }: StoredRows): Finding[] {
  const findings = new Findings('I6');
  for (const { context, consumer, stream, sequence } of parked)
    findings.add('parked', `${context}: ${consumer} ${stream}/${sequence}`);
  if (!marks) return findings.all;
  const marked = new Set(marks.map(({ stream, sequence }) => `${stream}/${sequence}`));
  const fed = new Map<string, number>();
  for (const { room, event } of feed) fed.set(`${room} ${event}`, (fed.get(`${room} ${event}`) ?? 0) + 1);
  for (const event of events) {
    if (event.previous === null) continue;
    if (!marked.delete(idOf(event))) findings.add('undelivered', `${event.kind} ${idOf(event)}`);
    for (const room of event.rooms) {
      const times = fed.get(`${room} /concord/pledges ${idOf(event)}`) ?? 0;
      if (times === 0) findings.add('undelivered', `${event.kind} ${idOf(event)} to ${room}`);
      if (times > 1) findings.add('duplicated', `${event.kind} ${idOf(event)} in ${room}`);
    }
  }
  for (const mark of marked) findings.add('phantom', `the feed handled ${mark}, which was never published`);
  return findings.all;
}

/** I7: versions of a stream, and offsets of a room, follow each other without a gap, in the order of the log and of the feed. */
export function checkOrder({ events, streams, feed, rooms }: StoredRows): Finding[] {
  const findings = new Findings('I7');
  const heads = new Map(streams.map(({ id, version }) => [id, version]));
  const published = new Map<string, number>();
  for (const [stream, own] of grouped(events, (event) => event.stream)) {
    own.forEach(({ version, previous }, index) => {
      if (version !== index + 1) findings.add(version > index + 1 ? 'gap' : 'reordered', `stream ${stream} at version ${version}`);
      if (previous === null) return;
      if (previous !== (published.get(stream) ?? 0))
        findings.add('gap', `stream ${stream}: version ${version} follows ${previous}`);
      published.set(stream, version);
    });
    if (heads.get(stream) !== own.length)
      findings.add('gap', `stream ${stream} is at ${heads.get(stream)} and has ${own.length} events`);
    heads.delete(stream);
  }
  for (const [stream, version] of heads)
    if (version > 0) findings.add('gap', `stream ${stream} is at ${version} and has no events`);
  const lasts = new Map(rooms.map(({ room, last }) => [room, last]));
  for (const [room, own] of grouped(feed, (entry) => entry.room)) {
    own.forEach(({ offset }, index) => {
      if (offset !== index + 1) findings.add('gap', `room ${room} at offset ${offset}`);
    });
    if (lasts.get(room) !== own.length) findings.add('gap', `room ${room} is at ${lasts.get(room)} and has ${own.length} events`);
    for (const [subject, entries] of grouped(own, ({ event }) => event.slice(0, event.lastIndexOf('/')))) {
      const versions = entries.map(({ event }) => Number(event.slice(event.lastIndexOf('/') + 1)));
      if (versions.some((version, index) => index > 0 && version <= versions[index - 1]!))
        findings.add('reordered', `${subject} in room ${room}`);
    }
  }
  return findings.all;
}

/** I11: a subscriber got each offset of its room once, with the event that the feed has there, or a reset; a stranger got nothing. */
export function checkSubscriber(heard: Heard, { feed, rooms }: StoredRows): Finding[] {
  const findings = new Findings('I11');
  const epoch = rooms.find(({ room }) => room === heard.room)?.epoch;
  const events = new Map(feed.filter(({ room }) => room === heard.room).map(({ offset, event }) => [offset, event]));
  let at = heard.from;
  for (const one of heard.log) {
    if (one.type === 'event') {
      if (one.offset <= at) findings.add('duplicated', `${heard.room} at offset ${one.offset}`);
      else if (one.offset > at + 1) findings.add('undelivered', `${heard.room} between offset ${at} and ${one.offset}`);
      if (events.get(one.offset) !== one.event || one.epoch !== epoch)
        findings.add('differs', `${heard.room} at offset ${one.offset}`);
    }
    // A reset says from where the history goes on, also when that lies before what was seen.
    at = one.type === 'reset' ? one.offset : Math.max(at, one.offset);
  }
  const last = events.size;
  if (at < last) findings.add('undelivered', `${heard.room} after offset ${at} of ${last}`);
  for (const room of heard.intruded) findings.add('unauthorised', room);
  return findings.all;
}

/** I15: each event carries the hash of its stream up to itself, and the stream that of its last event. */
export function checkChain({ events, streams }: StoredRows): Finding[] {
  const findings = new Findings('I15');
  const hashes = new Map<string, string>();
  for (const { stream, version, kind, schemaVersion, data, meta, hash } of events) {
    const input = hashInput(hashes.get(stream) ?? GENESIS_HASH, { stream, version, kind, schemaVersion, data, meta });
    if (createHash('sha256').update(input).digest('hex') !== hash) findings.add('broken', `stream ${stream} at version ${version}`);
    hashes.set(stream, hash);
  }
  for (const { id, version, hash } of streams)
    if (version > 0 && hashes.get(id) !== hash) findings.add('broken', `the head of stream ${id}`);
  return findings.all;
}
