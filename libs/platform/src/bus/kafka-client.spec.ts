import { backOffMs, guardProcess, KafkaTrouble, onRejection, quietly, within } from './kafka-client.js';

const byKafkajs = (error: Error): Error =>
  Object.assign(error, { stack: `${error.message}\n  at /node_modules/kafkajs/src/consumer/index.js:1` });

describe('a rejection that nobody handles', () => {
  it('is reported to every running bus when kafkajs left it', () => {
    const told: unknown[] = [];
    const ends = [guardProcess((error) => told.push(error)), guardProcess((error) => told.push(error))];
    const error = byKafkajs(new Error('restart failed'));
    onRejection(error);
    expect(told).toEqual([error, error]);
    ends[0]!();
    onRejection(error);
    expect(told).toHaveLength(3);
    ends[1]!();
  });

  it('stays fatal when it is of anybody else', () => {
    expect(() => onRejection(new Error('ours'))).toThrow('ours');
  });

  it('is nobody of ours once the last bus has stopped', () => {
    const before = process.listenerCount('unhandledRejection');
    const end = guardProcess(() => undefined);
    expect(process.listenerCount('unhandledRejection')).toBe(before + 1);
    end();
    end();
    expect(process.listenerCount('unhandledRejection')).toBe(before);
  });
});

describe('warnings of the process', () => {
  it('are passed on, all but the negative time-outs of kafkajs', () => {
    const passed: unknown[] = [];
    const emit = quietly(((warning: unknown) => void passed.push(warning)) as typeof process.emitWarning);
    // The stack tells who asked for the time-out.
    const kafkajsAsks = (name: string) => emit('-5 is a negative number', name);
    kafkajsAsks('TimeoutNegativeWarning');
    expect(passed).toEqual([]);
    kafkajsAsks('DeprecationWarning');
    emit('-5 is a negative number', 'TimeoutNegativeWarning');
    emit('-5 is a negative number', { type: 'OtherWarning' });
    expect(passed).toHaveLength(3);
  });
});

describe('waiting', () => {
  it('gives up on what never ends, and says what it was', async () => {
    await expect(within(5, 'leaving the group', new Promise(() => undefined))).rejects.toThrow(
      'leaving the group took longer than 5 ms',
    );
    const [before, after] = [new AbortController(), new AbortController()];
    before.abort();
    await expect(within(60_000, 'it', new Promise(() => undefined), { signal: before.signal, ms: 5 })).rejects.toThrow('than 5 ms');
    const waiting = within(60_000, 'it', new Promise(() => undefined), { signal: after.signal, ms: 6 });
    after.abort();
    await expect(waiting).rejects.toThrow('than 6 ms');
    await expect(within(1_000, 'it', Promise.resolve(7))).resolves.toBe(7);
  });

  it('grows between tries up to 5 s', () => {
    expect(backOffMs(0)).toBeLessThanOrEqual(125);
    for (const tries of [6, 20, 2_000]) {
      expect(backOffMs(tries)).toBeGreaterThanOrEqual(3_750);
      expect(backOffMs(tries)).toBeLessThanOrEqual(6_250);
    }
  });
});

it('names the brokers in an error', () => {
  const error = new KafkaTrouble('publishing pledges', ['a:1', 'b:2'], new Error('connect ECONNREFUSED'));
  expect(error.message).toMatch(/^publishing pledges failed on Kafka at a:1, b:2: connect ECONNREFUSED; .+KAFKA_BROKERS/u);
});
