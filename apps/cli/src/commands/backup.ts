import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UsageFault } from '../terminal.js';

const PROGRAM = join(import.meta.dirname, '../../../../dist/standalone/backup.js');

/**
 * `concord backup|restore <folder>`: works on the database itself (`DATABASE_URL`, or the embedded one of `CONCORD_DATA_DIR`), so it needs
 * the installed apps beside it and no running server. Resolves to the program's exit code, which is one of ours.
 */
export async function backup(verb: 'back-up' | 'restore', folder: string): Promise<number> {
  if (!existsSync(PROGRAM))
    throw new UsageFault(
      'concord backup and restore work where Concord is installed: in a checkout that is built, or in its image.',
    );
  const child = spawn(process.execPath, [PROGRAM, verb, folder], { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
