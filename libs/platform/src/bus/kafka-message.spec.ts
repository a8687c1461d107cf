import { CloudEvent, Kafka, type KafkaMessage as CloudEventsMessage } from 'cloudevents';
import type { PublicEvent } from '../service/public-event.js';
import { fromMessage, toMessage, typeOf, unreadableEvent, UnreadableMessage, type KafkaMessage } from './kafka-message.js';

const SUBJECT = '019a0000-0000-7000-8000-000000000001';

const event = (more: Partial<PublicEvent> = {}): PublicEvent => ({
  specversion: '1.0',
  id: `${SUBJECT}/3`,
  source: '/concord/pledges',
  type: 'concord.pledges.PledgeMade',
  subject: SUBJECT,
  time: '2026-01-02T03:04:05.678Z',
  datacontenttype: 'application/json',
  dataschema: 'concord:/schemas/concord.pledges.PledgeMade/2',
  sequence: 3,
  previous: 1,
  correlationid: 'c-1',
  data: { amount: 12, note: 'Čaj – 茶', nested: [{ a: null }] },
  ...more,
});
const whole = event({
  causationid: 'x/1',
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  person: 'person-1',
  organisation: 'organisation-1',
});

/** As kafkajs hands a message over: everything in bytes. */
const received = ({ key, value, headers }: ReturnType<typeof toMessage>): KafkaMessage => ({
  key: Buffer.from(key),
  value: Buffer.from(value),
  headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)])),
});
const spoilt = (change: {
  key?: string | null;
  value?: Buffer | null;
  headers?: Record<string, Buffer | Buffer[] | undefined>;
}): KafkaMessage => {
  const sound = received(toMessage(event()));
  return { ...sound, ...change, headers: { ...sound.headers, ...change.headers } } as KafkaMessage;
};

describe('an event of ours', () => {
  it.each([event(), whole])('comes back as it went out', (one) => {
    expect(fromMessage(received(toMessage(one)), 'pledges')).toEqual(one);
  });

  it('is a CloudEvent that the official SDK reads and finds valid', () => {
    const { key, value, headers } = toMessage(whole);
    const read = Kafka.toEvent({ key, value, headers, body: value } as unknown as CloudEventsMessage) as CloudEvent<unknown>;
    expect(read.validate()).toBe(true);
    const { sequence, previous, dataschema, ...same } = whole;
    expect(read.toJSON()).toMatchObject({
      ...same,
      partitionkey: SUBJECT,
      sequence: String(sequence),
      previous: String(previous),
      dataschema,
    });
  });

  it('can be written by the official SDK', () => {
    const written = Kafka.binary(new CloudEvent({ ...whole, partitionkey: SUBJECT }));
    const headers = Object.fromEntries(
      Object.entries(written.headers).flatMap(([name, text]) => (text === undefined ? [] : [[name, Buffer.from(String(text))]])),
    );
    const message = { key: Buffer.from(written.key as string), value: Buffer.from(JSON.stringify(written.value)), headers };
    expect(fromMessage(message, 'pledges')).toEqual(whole);
  });

  it('has no header for what it does not say', () => {
    const { headers } = toMessage({ ...event(), person: undefined } as unknown as PublicEvent);
    expect(Object.keys(headers).sort()).toEqual([
      'ce_correlationid',
      'ce_dataschema',
      'ce_id',
      'ce_previous',
      'ce_sequence',
      'ce_source',
      'ce_specversion',
      'ce_subject',
      'ce_time',
      'ce_type',
      'content-type',
    ]);
    expect(typeOf(received(toMessage(event())))).toBe('concord.pledges.PledgeMade');
  });
});

describe('a message that is none', () => {
  const text = (value: string) => Buffer.from(value);
  it.each<[KafkaMessage, RegExp]>([
    [spoilt({ headers: { ce_specversion: undefined } }), /ce_specversion is missing/u],
    [spoilt({ headers: { ce_specversion: text('0.3') } }), /CloudEvents version "0.3" is not 1.0/u],
    [spoilt({ headers: { ce_id: text('') } }), /ce_id is missing/u],
    [spoilt({ headers: { ce_id: [text('a'), text('b')] } }), /ce_id occurs 2 times/u],
    [spoilt({ headers: { ce_id: text('somewhere/3') } }), /id "somewhere\/3" is not <subject>\/<sequence>/u],
    [spoilt({ headers: { 'content-type': text('text/plain') } }), /content-type "text\/plain" is not JSON/u],
    [spoilt({ headers: { ce_source: text('/concord/directory') } }), /source .+ is not that of this topic/u],
    [spoilt({ headers: { ce_type: text('PledgeMade') } }), /type "PledgeMade" is not concord.pledges.<Kind>/u],
    [spoilt({ headers: { ce_subject: text('me') } }), /subject "me" is not an id/u],
    [spoilt({ headers: { ce_time: text('yesterday') } }), /time "yesterday" is not RFC 3339/u],
    [spoilt({ headers: { ce_dataschema: text('concord:/schemas/other/1') } }), /dataschema/u],
    [spoilt({ headers: { ce_sequence: text('1e3') } }), /ce_sequence "1e3" is not a version/u],
    [spoilt({ headers: { ce_sequence: text('2147483648') } }), /is not a version/u],
    [spoilt({ headers: { ce_sequence: text('0'), ce_id: text(`${SUBJECT}/0`) } }), /sequence 0/u],
    [spoilt({ headers: { ce_previous: text('3') } }), /previous 3 is not before sequence 3/u],
    [spoilt({ key: 'another' }), /the key is not the subject/u],
    [spoilt({ key: null }), /the key is not the subject/u],
    [spoilt({ value: null }), /no value/u],
    [spoilt({ value: text('{') }), /not JSON/u],
    [spoilt({ value: Buffer.alloc(1_000_001, '1') }), /1000001 bytes exceeds 1000000/u],
  ])('is refused with the reason', (message, reason) => {
    expect(() => fromMessage(message, 'pledges')).toThrow(reason);
    expect(() => fromMessage(message, 'pledges')).toThrow(UnreadableMessage);
  });

  it('takes a form that can be parked under its key and never stands for a real version', () => {
    const place = { context: 'pledges', topic: 'concord.pledges', partition: 2, offset: '41' };
    const parked = unreadableEvent({ key: SUBJECT, value: 'x'.repeat(5_000), headers: {} }, place, 'it is nonsense');
    expect(parked).toMatchObject({
      subject: SUBJECT,
      sequence: -42,
      source: '/concord/pledges',
      unreadable: 'message 41 of concord.pledges, partition 2, cannot be read: it is nonsense',
      data: { topic: 'concord.pledges', partition: 2, offset: '41', key: SUBJECT, excerpt: 'x'.repeat(1_000) },
    });
    const again = unreadableEvent({ key: SUBJECT, value: null }, { ...place, offset: '42' }, 'again');
    expect(again.sequence).not.toBe(parked.sequence);
  });

  it('is parked under an id made of a key that is none, and under one of its own without a key', () => {
    const at = (offset: string, key: string | null) =>
      unreadableEvent({ key, value: null }, { context: 'pledges', topic: 't', partition: 0, offset }, 'why').subject;
    expect(at('1', 'strange')).toBe(at('2', 'strange'));
    expect(at('1', 'strange')).not.toBe(at('1', 'other'));
    expect(at('1', null)).not.toBe(at('2', null));
    expect(at('1', null)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/u);
  });
});
