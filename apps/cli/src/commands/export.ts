import { ApiProblem, exportStream, type ExportedStream } from '@concord/client';
import { writeFile } from 'node:fs/promises';
import { anonymous, operator, type EveryCommand } from '../server.js';
import { EXIT, print, printJson } from '../terminal.js';

/** Options of `concord export`. */
export interface ExportOptions extends EveryCommand {
  readonly out?: string;
}

/** What is public is read by anybody; the rest as the account that was named. */
async function streamOf(plural: string, id: string, options: EveryCommand): Promise<ExportedStream> {
  try {
    return await exportStream(anonymous(options), plural, id);
  } catch (error) {
    if (!(error instanceof ApiProblem) || ![401, 403, 404].includes(error.status)) throw error;
    return exportStream(await operator(options), plural, id);
  }
}

/** `concord export <plural> <id>`: one stream with its hashes, to be verified without a server. */
export async function exportOne(plural: string, id: string, options: ExportOptions): Promise<number> {
  const stream = await streamOf(plural, id, options);
  if (options.out === '-') {
    printJson(stream);
    return EXIT.ok;
  }
  const file = options.out ?? `${plural}-${id}.json`;
  await writeFile(file, `${JSON.stringify(stream, null, 2)}\n`);
  const told = { file, events: stream.events.length, head: stream.events.at(-1)?.hash };
  if (options.json) printJson(told);
  else print(`${file}: ${told.events} events, head ${told.head}. Verify it with: concord verify --stream ${file}`);
  return EXIT.ok;
}
