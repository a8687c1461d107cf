import { createHash } from 'node:crypto';
import type { PublicEvent } from '../service/public-event.js';

/** A message as kafkajs hands it over or takes it: a header that occurs twice is a list. */
export interface KafkaMessage {
  readonly key?: Buffer | string | null;
  readonly value: Buffer | string | null;
  readonly headers?: Readonly<Record<string, Buffer | string | (Buffer | string)[] | undefined>>;
}

/** Where a message lies. */
export interface KafkaPlace {
  /** Context whose topic it is. */
  readonly context: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

/** An event that goes out on the bus. */
export interface OutgoingMessage {
  readonly key: string;
  readonly value: string;
  readonly headers: Record<string, string>;
}

/** No event of ours comes near: the edge takes 256 kB. */
const VALUE_BYTES_MAX = 1_000_000;
/** What of a message that cannot be read is kept, to look at. */
const EXCERPT_CHARACTERS_MAX = 1_000;
/** Versions are 32-bit integers in the database. */
const INT_MAX = 2_147_483_647;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/u;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/u;

/** Attributes whose header is a whole number; all others are text. */
const WHOLE = ['sequence', 'previous'] as const;
const REQUIRED = ['id', 'source', 'type', 'subject', 'time', 'dataschema', 'correlationid'] as const;
const OPTIONAL = ['causationid', 'traceparent', 'person', 'organisation'] as const;

/** A message that is none of our public events; says what is wrong with it. */
export class UnreadableMessage extends Error {
  override readonly name = 'UnreadableMessage';
}

/** A public event as a Kafka message: CloudEvents 1.0, binary mode of the Kafka binding; the key is the subject. */
export function toMessage(event: PublicEvent): OutgoingMessage {
  const { data, datacontenttype, unreadable: _never, ...attributes } = event;
  const headers: Record<string, string> = { 'content-type': datacontenttype };
  // A header of undefined would end up as text by that name.
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) headers[`ce_${name}`] = String(value);
  return { key: event.subject, value: JSON.stringify(data), headers };
}

const textOf = (part: Buffer | string): string => (typeof part === 'string' ? part : part.toString('utf8'));

function header({ headers }: KafkaMessage, name: string): string | undefined {
  const value = headers?.[name];
  if (value === undefined) return undefined;
  if (Array.isArray(value)) throw new UnreadableMessage(`header ${name} occurs ${value.length} times`);
  return textOf(value);
}

/** Type of the event in a message, without reading the rest: most listeners want few kinds. Undefined when it cannot be told. */
export function typeOf(message: KafkaMessage): string | undefined {
  const value = message.headers?.['ce_type'];
  return value === undefined || Array.isArray(value) ? undefined : textOf(value);
}

/** Where the event in a message stands in its stream, without reading the rest. Undefined when it cannot be told. */
export function placeOf(message: KafkaMessage): { subject: string; sequence: number; previous: number } | undefined {
  try {
    const subject = attribute(message, 'subject');
    const [sequence, previous] = WHOLE.map((name) => whole(message, name)) as [number, number];
    const isPlace = UUID.test(subject) && textOf(message.key ?? '') === subject && sequence > previous;
    return isPlace ? { subject, sequence, previous } : undefined;
  } catch (error) {
    if (error instanceof UnreadableMessage) return undefined;
    throw error;
  }
}

function attribute(message: KafkaMessage, name: string): string {
  const value = header(message, `ce_${name}`);
  if (value === undefined || value === '') throw new UnreadableMessage(`header ce_${name} is missing`);
  return value;
}

function whole(message: KafkaMessage, name: (typeof WHOLE)[number]): number {
  const value = attribute(message, name);
  const number = Number(value);
  if (!/^\d{1,10}$/u.test(value) || number > INT_MAX) throw new UnreadableMessage(`ce_${name} ${short(value)} is not a version`);
  return number;
}

function dataOf({ value }: KafkaMessage): unknown {
  if (value === null) throw new UnreadableMessage('the message has no value');
  const bytes = Buffer.byteLength(value);
  if (bytes > VALUE_BYTES_MAX) throw new UnreadableMessage(`its value of ${bytes} bytes exceeds ${VALUE_BYTES_MAX}`);
  try {
    return JSON.parse(textOf(value)) as unknown;
  } catch (cause) {
    throw new UnreadableMessage('its value is not JSON', { cause });
  }
}

/** What must hold between the attributes of one of our events, and between them and where the message lies. */
function faultOf(event: PublicEvent, key: string, context: string): string | undefined {
  const { id, source, type, subject, time, dataschema, sequence, previous } = event;
  const prefix = `concord.${context}.`;
  if (source !== `/concord/${context}`) return `source ${short(source)} is not that of this topic`;
  if (!type.startsWith(prefix) || !/^[A-Za-z]\w*$/u.test(type.slice(prefix.length)))
    return `type ${short(type)} is not ${prefix}<Kind>`;
  if (!UUID.test(subject)) return `subject ${short(subject)} is not an id`;
  if (key !== subject) return `the key is not the subject ${subject}`;
  if (sequence < 1) return 'sequence 0 is not a version';
  if (previous >= sequence) return `previous ${previous} is not before sequence ${sequence}`;
  if (id !== `${subject}/${sequence}`) return `id ${short(id)} is not <subject>/<sequence>`;
  if (!TIME.test(time) || Number.isNaN(Date.parse(time))) return `time ${short(time)} is not RFC 3339`;
  if (
    !dataschema.startsWith(`concord:/schemas/${type}/`) ||
    !/^\d{1,5}$/u.test(dataschema.slice(`concord:/schemas/${type}/`.length))
  ) {
    return `dataschema ${short(dataschema)} is not concord:/schemas/${type}/<version>`;
  }
  return undefined;
}

const short = (text: string): string => JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);

/** The public event in a message of a context's topic. Throws UnreadableMessage, saying why, when it is none of ours. */
export function fromMessage(message: KafkaMessage, context: string): PublicEvent {
  const specversion = attribute(message, 'specversion');
  if (specversion !== '1.0') throw new UnreadableMessage(`CloudEvents version ${short(specversion)} is not 1.0`);
  const contentType = header(message, 'content-type') ?? '';
  if (!/^application\/json\s*(;|$)/iu.test(contentType))
    throw new UnreadableMessage(`content-type ${short(contentType)} is not JSON`);
  const event: Record<string, unknown> = { specversion, datacontenttype: 'application/json' };
  for (const name of REQUIRED) event[name] = attribute(message, name);
  for (const name of WHOLE) event[name] = whole(message, name);
  for (const name of OPTIONAL) {
    const value = header(message, `ce_${name}`);
    if (value !== undefined) event[name] = value;
  }
  const fault = faultOf(event as unknown as PublicEvent, message.key == null ? '' : textOf(message.key), context);
  if (fault !== undefined) throw new UnreadableMessage(fault);
  event['data'] = dataOf(message);
  return event as unknown as PublicEvent;
}

/** An id made of a text, always the same one: the stream under which a message is parked whose key is no id. */
function idFrom(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/**
 * A message that cannot be read, in a form that listeners park under its key. Its sequence is negative, made of the offset: it
 * never takes the place of a real version. A message without a key has one of its own, so that it holds up nothing else.
 */
export function unreadableEvent(message: KafkaMessage, place: KafkaPlace, why: string): PublicEvent {
  const { context, topic, partition, offset } = place;
  const key = message.key == null || message.key.length === 0 ? undefined : textOf(message.key);
  const subject = key === undefined ? idFrom(`${topic}/${partition}/${offset}`) : UUID.test(key) ? key : idFrom(`${topic}/${key}`);
  const sequence = -1 - Number(BigInt(offset) % BigInt(INT_MAX));
  const type = `concord.${context}.Unreadable`;
  const excerpt = message.value === null ? null : textOf(message.value.slice(0, EXCERPT_CHARACTERS_MAX));
  return {
    specversion: '1.0',
    id: `${subject}/${sequence}`,
    source: `/concord/${context}`,
    type,
    subject,
    time: new Date(0).toISOString(),
    datacontenttype: 'application/json',
    dataschema: `concord:/schemas/${type}/0`,
    sequence,
    previous: 0,
    correlationid: `${topic}/${partition}/${offset}`,
    data: { topic, partition, offset, key: key?.slice(0, 200) ?? null, excerpt },
    unreadable: `message ${offset} of ${topic}, partition ${partition}, cannot be read: ${why}`,
  };
}
