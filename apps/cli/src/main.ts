import { ApiProblem, NoAnswer } from '@concord/client';
import { CommanderError, type Command } from 'commander';
import { programOf } from './program.js';
import { complain, EXIT, progress, UsageFault } from './terminal.js';

/** Errors of commander are wrong usage; help and version are not errors. */
const throwing = (command: Command): Command => {
  command.exitOverride();
  for (const child of command.commands) throwing(child);
  return command;
};

function codeOf(error: unknown): number {
  progress('');
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof UsageFault) {
    complain(error.message);
    return EXIT.usage;
  }
  if (error instanceof NoAnswer) {
    complain(`${error.message}. Is Concord running? Start it with npm start, or name its address with --api.`);
    return EXIT.unreachable;
  }
  if (error instanceof ApiProblem) complain(`${error.status} ${error.code}: ${error.message}`);
  else complain(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return EXIT.failed;
}

try {
  await throwing(programOf((code) => (process.exitCode = code))).parseAsync();
} catch (error) {
  process.exitCode = codeOf(error);
}
