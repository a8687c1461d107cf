import { SHARED_PASSWORD, emailOf } from '@concord/story';
import { Command, Option } from 'commander';
import { backup } from './commands/backup.js';
import { cluster, type ClusterOptions, type ClusterVerb } from './commands/cluster.js';
import { demo, type DemoOptions } from './commands/demo.js';
import { doctor, VERSION } from './commands/doctor.js';
import { exportOne, type ExportOptions } from './commands/export.js';
import { parkedList, parkedRelease } from './commands/operate.js';
import { rebuild, type RebuildOptions } from './commands/rebuild.js';
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
    .option(
      '--database',
      'over the database of DATABASE_URL or CONCORD_DATA_DIR, without a server; compares services with each other',
    )
    .action(async (options: VerifyOptions) => done(await verify(options)));
  const parked = program.command('parked').description('events that could not be handled');
  add(parked, 'list', 'objects whose events wait').action(async (options: EveryCommand) => done(await parkedList(options)));
  add(parked, 'release <context> <listener> <object>', 'hand the events of an object over again').action(
    async (context: string, listener: string, object: string, options: EveryCommand) =>
      done(await parkedRelease(context, listener, object, options)),
  );
  add(program, 'rebuild <context> [view]', 'fill a read model anew from the log; the name of the read model alone is enough')
    .option('--verify', 'compare with a replay afterwards (the default)')
    .option('--no-verify', 'do not compare')
    .action(async (context: string, view: string | undefined, options: RebuildOptions) =>
      done(await rebuild(context, view, options)),
    );
  add(program, 'export <plural> <id>', 'write one object with its whole history to a file, for example: export needs <id>')
    .option('--out <file>', 'where to; - for standard output (default: <plural>-<id>.json)')
    .action(async (plural: string, id: string, options: ExportOptions) => done(await exportOne(plural, id, options)));
  add(program, 'doctor', 'look whether this machine and the server are fit').action(async (options: EveryCommand) =>
    done(await doctor(options)),
  );
  addCluster(program, done);
  addBackup(program, done);
  return program;
}

/** The commands around a cluster on this machine. They talk to its processes, not to the API. */
function addCluster(program: Command, done: (code: number) => void): void {
  const group = program.command('cluster').description('Concord as separate services on this machine, with Kafka and PostgreSQL');
  const add = (verb: ClusterVerb, argument: string, summary: string): Command =>
    group
      .command(`${verb}${argument}`)
      .description(summary)
      .option('--data <folder>', 'where everything is kept (default: .concord/cluster of the checkout)')
      .option('--json', 'write JSON instead of text')
      .addHelpText('after', EXIT_CODES)
      .action(async (...given: readonly unknown[]) => {
        const part = argument === '' ? undefined : (given[0] as string | undefined);
        done(await cluster(verb, part, given.at(-2) as ClusterOptions));
      });
  add('start', ' [part]', 'start a cluster in the background; with a part, start that one again')
    .option('--port <number>', 'of the first gateway; the second takes the next (default: 3000; 0: any)')
    .option('--brokers <1|3>', 'Kafka brokers (default: 3)');
  add('kill', ' <part>', 'end one part as a crash would');
  add('status', '', 'what runs where; 1 when a part is down, 3 when no cluster runs');
  add('stop', '', 'stop every part; the data stays');
}

/** Backup and restore. They work on the database, not through the API. */
function addBackup(program: Command, done: (code: number) => void): void {
  const add = (name: string, verb: 'back-up' | 'restore', summary: string): void =>
    void program
      .command(`${name} <folder>`)
      .description(summary)
      .addHelpText('after', '\nThe database is that of DATABASE_URL, or the embedded one of CONCORD_DATA_DIR.\n')
      .action(async (folder: string) => done(await backup(verb, folder)));
  add('backup', 'back-up', 'copy everything that is stored into a new folder, while Concord works on');
  add('restore', 'restore', 'fill an empty database from a backup; Concord must be stopped');
}
