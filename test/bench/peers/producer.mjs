// The floor of P7: kafkajs alone, with the options of Concord's relay, sending messages that lie in memory. Argument: brokers. Asked
// `send`, it sends so many to the topic and says how long it took.
import { randomUUID } from 'node:crypto';
import kafkajs from 'kafkajs';
import { serve } from '../child.mjs';

const SEND_BYTES_MAX = 512 * 1024;
const kafka = new kafkajs.Kafka({ clientId: 'floor', brokers: process.argv[2].split(','), logLevel: kafkajs.logLevel.NOTHING });
const producer = kafka.producer({
  idempotent: true,
  maxInFlightRequests: 1,
  allowAutoTopicCreation: false,
  createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
});
const admin = kafka.admin();
await Promise.all([producer.connect(), admin.connect()]);
await admin.createTopics({ topics: [{ topic: 'floor', numPartitions: 6, replicationFactor: 1 }] });

const value = JSON.stringify({
  needId: randomUUID(),
  lineId: randomUUID(),
  ownerId: randomUUID(),
  organisationId: randomUUID(),
  kind: 'funding',
  unit: 'USD',
  quantity: 100,
  counted: 100,
  version: 1,
  hash: 'a'.repeat(64),
  validUntil: '2026-04-01T00:00:00.000Z',
  terms: { instrument: 'grant', earmarking: 3, schedule: { type: 'by_milestone' } },
});
function message(kind, version) {
  const subject = randomUUID();
  const headers = {
    'content-type': 'application/json',
    ce_specversion: '1.0',
    ce_id: `${subject}/1`,
    ce_source: '/concord/pledges',
    ce_type: `concord.pledges.${kind}`,
    ce_subject: subject,
    ce_time: '2026-01-01T00:00:00.000Z',
    ce_dataschema: `concord:/schemas/concord.pledges.${kind}/${version}`,
    ce_sequence: '1',
    ce_previous: '0',
    ce_correlationid: '01890000-0000-7000-8000-000000000005',
    ce_person: '01890000-0000-7000-8000-000000000004',
    ce_organisation: '01890000-0000-7000-8000-000000000003',
  };
  return { key: subject, value, headers };
}
const sizeOf = ({ key, headers }) =>
  value.length + key.length + Object.entries(headers).reduce((sum, [name, text]) => sum + name.length + text.length, 0);

serve({
  send: async ({ count, kind, version }) => {
    const messages = Array.from({ length: count }, () => message(kind, version));
    const perSend = Math.min(1_000, Math.floor(SEND_BYTES_MAX / sizeOf(messages[0])));
    const started = performance.now();
    for (let at = 0; at < count; at += perSend)
      await producer.send({
        topic: 'floor',
        acks: -1,
        compression: kafkajs.CompressionTypes.GZIP,
        messages: messages.slice(at, at + perSend),
      });
    return performance.now() - started;
  },
});
