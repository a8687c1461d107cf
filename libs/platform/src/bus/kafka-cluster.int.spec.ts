import { BusTrial, Hearing, JarFilled, kafkaLacking, startTestKafka, type TestKafka } from '@concord/testing';
import { until } from '../postgres/until.js';
import { KafkaBus } from './kafka.js';

const WAIT_MS_MAX = 90_000;
const EVENTS = 60;

const lacking = await kafkaLacking();
if (lacking === undefined) {
  describe('the bus kafka on three brokers', () => {
    let kafka: TestKafka;
    let trial: BusTrial;
    beforeAll(async () => {
      kafka = await startTestKafka(3);
      trial = await BusTrial.open(
        ({ sources, namespace, failed }) =>
          new KafkaBus({
            brokers: kafka.addresses,
            clientId: 'spec',
            sources,
            namespace,
            topics: { partitions: 6, replication: 3, retentionMs: 3_600_000 },
            times: { sessionMs: 6_000 },
            failed,
          }),
      );
    });
    afterAll(async () => {
      await trial.close();
      await kafka.stop();
    });

    it('loses nothing and keeps the order while one broker after the other is killed under load', async () => {
      const hearing = new Hearing('first');
      const bus = await trial.start(hearing);
      const subjects = await trial.fill(12, 2);
      await bus.settled();
      let killed = 0;
      for (let n = 3; n <= EVENTS; n += 1) {
        // The first is killed while all goes well, the second as soon as the first serves again.
        if (n === 10 || n === 35) {
          const broker = kafka.brokers[killed++]!;
          broker.kill('SIGKILL');
          await broker.exited;
        }
        for (const subject of subjects) await trial.append(subject, [JarFilled({ n, notes: [] })]);
        if (n === 34) {
          await kafka.brokers[0]!.start();
          await kafka.ready();
        }
      }
      const counts = () => subjects.map((subject) => hearing.sequences(subject).length);
      const arrived = await until(WAIT_MS_MAX, () => counts().every((count) => count === EVENTS));
      if (!arrived) throw new Error(`events are missing: ${counts().join(', ')}; ${trial.faults.map(String).join('\n')}`);
      for (const subject of subjects) expect(hearing.sequences(subject)).toEqual(Array.from({ length: EVENTS }, (_, i) => i + 1));
      // Two of three brokers acknowledge what is published: that is what a minimum of two in sync asks for.
      await bus.settled();
      expect(kafka.brokers.filter(({ alive }) => alive)).toHaveLength(2);
    });
  });
} else {
  it('NOT RUN here: the Kafka driver on three brokers', () => {
    process.stderr.write(`\nThe specs of the Kafka driver on three brokers were skipped: ${lacking}\n`);
  });
}
