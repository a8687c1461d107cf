import { SHARED_PASSWORD, emailOf } from '@concord/story';
import { Command, Option } from 'commander';
import { demo, type DemoOptions } from './commands/demo.js';
import { doctor, VERSION } from './commands/doctor.js';
import { exportOne, type ExportOptions } from './commands/export.js';
import { parkedList, parkedRelease, rebuild } from './commands/operate.js';
import { verify, type VerifyOptions } from './commands/verify.js';
import type { EveryCommand } from './server.js';

const EXIT_CODES = `
Exit codes: 0 everything is fine, 1 a check failed or the server refused, 2 wrong usage, 3 no server answered.
Settings may come from the environment: CONCORD_API, CONCORD_EMAIL, CONCORD_PASSWORD.`;

/** Options that every command has, in the order the help shows them. */
const common = (command: Command): Command =>
  command
    .addOption(new Option('--api <url>', 'where Concord is').env('CONCORD_API').default('http://127.0.0.1:3000'))
    .addOption(new Option('--email <address>', 'account of a registrar').env('CONCORD_EMAIL').default(emailOf('registrar')))
    .addOption(new Option('--password <text>', 'its password').env('CONCORD_PASSWORD').default(SHARED_PASSWORD, 'that of the demo'))
    .option('--json', 'write JSON instead of text');

/** The command line; `done` takes the exit code of the command that ran. */
export function programOf(done: (code: number) => void): Command {
  const program = new Command('concord')
    .description('Concord on the command line: play the story, verify what is stored, operate a server.')
    .version(VERSION)
    .addHelpText('after', EXIT_CODES)
    .showHelpAfterError('(concord --help shows what there is)');
  const add = (parent: Command, usage: string, summary: string): Command =>
    common(parent.command(usage).description(summary)).addHelpText('after', EXIT_CODES);
  add(program, 'demo', 'play the acceptance story against a running server, as its sixteen organisations, then verify')
    .option('--half', 'only until the second milestone is paid')
    .option('--quiet', 'show only the result')
    .action(async (options: DemoOptions) => done(await demo(options)));
  add(program, 'verify', 'compare everything that is stored with what follows from the events')
    .option('--stream <file>', 'verify an exported stream instead, without a server')
    .action(async (options: VerifyOptions) => done(await verify(options)));
  const parked = program.command('parked').description('events that could not be handled');
  add(parked, 'list', 'objects whose events wait').action(async (options: EveryCommand) => done(await parkedList(options)));
  add(parked, 'release <context> <listener> <object>', 'hand the events of an object over again').action(
    async (context: string, listener: string, object: string, options: EveryCommand) =>
      done(await parkedRelease(context, listener, object, options)),
  );
  add(program, 'rebuild <context> <view>', 'fill a read model anew from the log').action(
    async (context: string, view: string, options: EveryCommand) => done(await rebuild(context, view, options)),
  );
  add(program, 'export <plural> <id>', 'write one object with its whole history to a file, for example: export needs <id>')
    .option('--out <file>', 'where to; - for standard output (default: <plural>-<id>.json)')
    .action(async (plural: string, id: string, options: ExportOptions) => done(await exportOne(plural, id, options)));
  add(program, 'doctor', 'look whether this machine and the server are fit').action(async (options: EveryCommand) =>
    done(await doctor(options)),
  );
  return program;
}
