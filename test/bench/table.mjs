// Writes the table of docs/benchmarks.md from docs/benchmarks.json: figures are never typed by hand.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const file = join(import.meta.dirname, '../../docs/benchmarks.md');
const BEGIN = '<!-- table: written by npm run bench -- --write -->';
const END = '<!-- end of table -->';

/** Puts the measured ratios between the two marks. */
export function report({ date, ratios, start, services }) {
  const two = (value) => value.toFixed(2);
  const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
  const rows = ratios.map(
    ({ id, ratio, goal, verdict, rivals, commit }) =>
      `| ${id} | ${two(ratio.median)} (${two(ratio.min)}–${two(ratio.max)}) | ${goal} | ${verdict} | ${rivals.map(({ name, unit, rounds }) => `${name}: ${median(rounds) >= 100 ? Math.round(median(rounds)) : median(rounds).toFixed(2)} ${unit}`).join('; ')} | ${ratio.rounds.length} | ${commit} |`,
  );
  const [{ host, server } = {}] = ratios;
  const lines = [
    BEGIN,
    '',
    `Last measured ${date}: ${host?.cores} cores, ${host?.memory}, Node ${host?.node}, PostgreSQL ${server?.server_version}, fsync, synchronous_commit and full_page_writes on.`,
    '',
    '| id | ratio: median (min–max) | goal | verdict | medians of the rivals | rounds | commit |',
    '|---|---|---|---|---|---|---|',
    ...rows,
    ...(start
      ? [
          '',
          `First start ${start.firstMs} ms, warm start ${start.warmMs} ms, idle memory of app and database ${start.idleMb} MB (proportional). Goal: ${start.goal}.`,
        ]
      : []),
    ...(services
      ? [
          '',
          `Idle memory of each service (proportional): ${Object.entries(services.mb)
            .map(([name, mb]) => `${name} ${mb} MB`)
            .join(', ')}. Goal: ${services.goal}; ${services.met ? 'met' : 'missed'}.`,
        ]
      : []),
    '',
    END,
  ];
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, `${text.slice(0, text.indexOf(BEGIN))}${lines.join('\n')}${text.slice(text.indexOf(END) + END.length)}`);
}
