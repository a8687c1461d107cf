import { CONTEXTS, operator, type EveryCommand } from '../server.js';
import { EXIT, print, printJson, tableLines, UsageFault } from '../terminal.js';

interface Parked {
  readonly consumer: string;
  readonly stream: string;
  readonly events: number;
  readonly sequence: number;
  readonly type: string;
  readonly error: string;
  readonly at: string;
}

/** One of the contexts, or a fault that names them. */
export function contextNamed(name: string): string {
  if ((CONTEXTS as readonly string[]).includes(name)) return name;
  throw new UsageFault(`There is no context ${name}. Choose from: ${CONTEXTS.join(', ')}.`);
}

/** `concord parked list`: objects whose events wait because one of them failed. Parked objects are no fault of the command. */
export async function parkedList(options: EveryCommand): Promise<number> {
  const client = await operator(options);
  const found = await Promise.all(
    CONTEXTS.map(async (context) => {
      const { body } = await client.get<{ items: readonly Parked[] }>(`/operations/${context}/parked`);
      return body.items.map((item) => ({ context, ...item }));
    }),
  );
  const items = found.flat();
  if (options.json) printJson({ items });
  else if (items.length === 0) print('Nothing is parked.');
  else {
    const rows = items.map(({ context, consumer, stream, events, type, error }) => [
      context,
      consumer,
      stream,
      String(events),
      type,
      error,
    ]);
    for (const line of tableLines([['context', 'listener', 'object', 'events', 'first', 'error'], ...rows])) print(line);
  }
  return EXIT.ok;
}

/** `concord parked release <context> <listener> <object>` */
export async function parkedRelease(context: string, consumer: string, stream: string, options: EveryCommand): Promise<number> {
  const path = `/operations/${contextNamed(context)}/parked/release`;
  const client = await operator(options);
  const { body } = await client.post<{ released: number }>(path, { body: { consumer, stream } });
  if (options.json) printJson(body);
  else print(`${body.released} events went through.`);
  return EXIT.ok;
}
