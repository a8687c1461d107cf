import { playStory, StoryFailed, type BegunStep, type Call, type Notification, type PlayedStep } from '@concord/story';
import type { EveryCommand } from '../server.js';
import { complain, EXIT, print, printJson, progress, tableLines } from '../terminal.js';
import { printReports, verifyServer } from './verify.js';

/** Options of `concord demo`. */
export interface DemoOptions extends EveryCommand {
  readonly half?: boolean;
  readonly quiet?: boolean;
}

function printHeading({ number, total, day, title, actor }: BegunStep): void {
  print(`\n${String(number).padStart(2)}/${total}  day ${day}  ${actor}: ${title}`);
}

const ID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gu;

/** Calls that differ only in ids, as one line with those who made them. */
function callLines(calls: readonly Call[]): string[] {
  const groups = new Map<string, string[]>();
  for (const { who, method, path, status, refused } of calls) {
    const line = `${method} ${path.replace(ID, '{id}')}  ${status}${refused === undefined ? '' : ` ${refused}`}`;
    groups.set(line, [...(groups.get(line) ?? []), who]);
  }
  return [...groups].map(([line, callers]) => {
    const who = [...new Set(callers)];
    const times = callers.length === 1 ? '' : `${callers.length} × `;
    return `${times}${line}  (${who.length > 3 ? `${who.length} sides` : who.join(', ')})`;
  });
}

function printStep({ calls, checks }: PlayedStep): void {
  for (const line of callLines(calls)) print(`       ${line}`);
  for (const { what, value } of checks) print(`       ✓ ${what}: ${typeof value === 'string' ? value : JSON.stringify(value)}`);
}

function printNotification({ person, organisation, kind, item }: Notification): void {
  const whom = organisation === undefined || organisation === person ? person : `${person}, ${organisation}`;
  print(`       → ${whom}: ${kind} (${item.reason})${item.title === undefined ? '' : ` ${item.title}`}`);
}

/** Names of this playing that no earlier one on the same server had. */
const freshPrefix = (): string => Date.now().toString(36);

/** `concord demo`: plays the story, shows each step and each notification as it arrives, then verifies. */
export async function demo(options: DemoOptions): Promise<number> {
  const { api, email, password, json, quiet } = options;
  const show = !json && !quiet;
  try {
    const played = await playStory({
      baseUrl: api,
      registrar: { email, password },
      prefix: freshPrefix(),
      until: options.half ? 'half' : 'end',
      onBegin: (step) => {
        if (show) printHeading(step);
        else if (!json) progress(`${step.number}/${step.total} day ${step.day}: ${step.title}`);
      },
      onStep: (step) => {
        if (json) printJson({ step });
        else if (show) printStep(step);
      },
      onNotification: (notification) => {
        if (json) printJson({ notification });
        else if (show) printNotification(notification);
      },
    });
    const reports = await verifyServer(options);
    const { steps, checks, calls, table, names } = played;
    const summary = { steps, checks, calls, notifications: played.notifications.length };
    if (json) printJson({ ...summary, table, names, verification: reports });
    else {
      progress('');
      print(
        `\n${steps} steps, ${calls} commands, ${checks} figures checked, ${summary.notifications} notifications over the sockets.\n`,
      );
      for (const line of tableLines(table.map(({ what, value }) => [what, value]))) print(line);
      print();
      printReports(reports);
    }
    return reports.every(({ ok }) => ok) ? EXIT.ok : EXIT.failed;
  } catch (error) {
    if (!(error instanceof StoryFailed)) throw error;
    progress('');
    complain(error.message);
    return EXIT.failed;
  }
}
