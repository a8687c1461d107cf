import { CloudEvent, Kafka, type KafkaMessage } from 'cloudevents';
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const JARS = resolve(import.meta.dirname, '../../infra/kafka/target/kafka/*');
const OUT_BYTES_MAX = 64 * 1024 * 1024;

/** Reads a topic from its beginning with Kafka's own console consumer; resolves to what it printed, a line for each message. */
export async function consoleConsumer(broker: string, topic: string): Promise<string[]> {
  const printing = ['print.key=true', 'print.headers=true'].flatMap((property) => ['--formatter-property', property]);
  const asked = ['--bootstrap-server', broker, '--topic', topic, '--from-beginning', '--timeout-ms', '5000', ...printing];
  const tool = 'org.apache.kafka.tools.consumer.ConsoleConsumer';
  const { stdout } = await run('java', ['-Xmx128m', '-cp', JARS, tool, ...asked], { maxBuffer: OUT_BYTES_MAX });
  return stdout.split('\n').filter((line) => line !== '');
}

/** A line of the console consumer as the official SDK reads it; throws where it is no CloudEvent in the binary mode of the Kafka binding. */
export function cloudEventOf(line: string): CloudEvent<unknown> {
  const [headersText = '', key = '', value = ''] = line.split('\t');
  const headers = Object.fromEntries(
    headersText
      .split(/,(?=ce_|content-type)/u)
      .map((header) => [header.slice(0, header.indexOf(':')), header.slice(header.indexOf(':') + 1)]),
  );
  const message = { key, value, headers, body: value } as unknown as KafkaMessage;
  const event = Kafka.toEvent(message) as CloudEvent<unknown>;
  event.validate();
  return event;
}
