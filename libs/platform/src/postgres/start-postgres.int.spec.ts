import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, Server as NetServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { identityOf, lives, processesIn } from './processes.js';
import { startPostgres, type EmbeddedPostgres, type PostgresOptions } from './start-postgres.js';
import { until } from './until.js';

const WAIT_MS_MAX = 10_000;
const built = new URL('../../dist/postgres/', import.meta.url);

let dataDir: string;
const servers: EmbeddedPostgres[] = [];
const children: ChildProcess[] = [];

async function start(options: Partial<PostgresOptions> = {}): Promise<EmbeddedPostgres> {
  const server = await startPostgres({ dataDir, noSync: true, ...options });
  servers.push(server);
  return server;
}

async function query<R extends pg.QueryResultRow>(url: string, sql: string): Promise<R[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<R>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Runs a script with our built modules in a process of its own. */
function otherProcess(script: string, options: { detached?: boolean } = {}): ChildProcess {
  const imports = `import { startPostgres } from '${new URL('start-postgres.js', built)}';`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', imports + script, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
    ...options,
  });
  children.push(child);
  return child;
}

/** Another Concord: starts a server, tells its pid and address, and goes on. */
async function otherConcord(): Promise<{ child: ChildProcess; pid: number; url: string }> {
  const child = otherProcess(`
    const { pid, url } = await startPostgres({ dataDir: process.argv[1], noSync: true });
    console.log(JSON.stringify({ pid, url }));`);
  const [line] = (await once(child.stdout!, 'data')) as [Buffer];
  return { child, ...(JSON.parse(line.toString()) as { pid: number; url: string }) };
}

async function occupyPort(): Promise<{ server: NetServer; port: number }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

/** A data folder that was started and stopped once; copying it is faster than a first start. */
let template: string;
const aFolderInUseBefore = (): void => cpSync(template, dataDir, { recursive: true });

beforeAll(async () => {
  template = join(mkdtempSync(join(tmpdir(), 'concord-postgres-template-')), 'postgres');
  await (await startPostgres({ dataDir: template, noSync: true })).stop();
});
afterAll(() => rmSync(join(template, '..'), { recursive: true, force: true }));

beforeEach(() => {
  dataDir = join(mkdtempSync(join(tmpdir(), 'concord-postgres-')), 'postgres');
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const server of servers.splice(0)) await server.stop();
  await until(WAIT_MS_MAX, () => processesIn(join(dataDir, 'cluster')).length === 0);
  rmSync(join(dataDir, '..'), { recursive: true, force: true, maxRetries: 10 });
});

describe('a first start', () => {
  it('creates a durable UTF-8 database that only the password opens', async () => {
    const server = await start();
    const [settings] = await query<Record<string, string>>(
      server.url,
      `select current_setting('fsync') fsync, current_setting('synchronous_commit') commit, current_setting('full_page_writes') pages,
              current_setting('data_checksums') checksums, current_setting('listen_addresses') listen,
              current_setting('unix_socket_directories') sockets, datlocale locale, pg_encoding_to_char(encoding) encoding
         from pg_database where datname = current_database()`,
    );
    expect(settings).toEqual({
      ...{ fsync: 'on', commit: 'on', pages: 'on', checksums: 'on' },
      ...{ listen: '127.0.0.1', sockets: '', locale: 'C.UTF-8', encoding: 'UTF8' },
    });
    const rules = await query<{ auth_method: string }>(server.url, 'select distinct auth_method from pg_hba_file_rules');
    expect(rules).toEqual([{ auth_method: 'scram-sha-256' }]);
    await expect(query(server.url.replace(/:[^:@]+@/u, ':wrong@'), 'select 1')).rejects.toMatchObject({ code: '28P01' });
    expect(statSync(join(dataDir, 'superuser-password')).mode & 0o777).toBe(0o600);
    expect(statSync(join(dataDir, 'cluster')).mode & 0o777).toBe(0o700);
    expect(readdirSync(dataDir).sort()).toEqual(['cluster', 'port', 'superuser-password']);
  });

  it('that was killed halfway leaves nothing that stops the next', async () => {
    const child = otherProcess(`await startPostgres({ dataDir: process.argv[1] });`);
    const begun = (): string | undefined =>
      existsSync(dataDir) ? readdirSync(dataDir).find((name) => name.startsWith('initialising-')) : undefined;
    const unfinished = await until(WAIT_MS_MAX, () =>
      existsSync(join(dataDir, begun() ?? 'none', 'cluster', 'global')) ? begun() : undefined,
    );
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(existsSync(join(dataDir, 'cluster'))).toBe(false);
    expect(existsSync(join(dataDir, unfinished!))).toBe(true);

    const server = await start();
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(existsSync(join(dataDir, unfinished!))).toBe(false);
  });

  it('does not take over a folder that holds something else', async () => {
    mkdirSync(join(dataDir, 'cluster'), { recursive: true });
    writeFileSync(join(dataDir, 'cluster', 'novel.txt'), 'mine');
    writeFileSync(join(dataDir, 'superuser-password'), 'x');
    await expect(start()).rejects.toThrow(/not a PostgreSQL data folder/u);
    expect(readFileSync(join(dataDir, 'cluster', 'novel.txt'), 'utf8')).toBe('mine');
  });
});

describe('a second start', () => {
  beforeEach(aFolderInUseBefore);

  it('finds its data and keeps its port', async () => {
    const first = await start();
    await query(first.url, 'create table kept as select 42 as answer');
    await first.stop();
    const second = await start();
    expect(await query(second.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
    expect(second.url).toBe(first.url);
  });

  it('lets settings be overridden, but not those the supervisor relies on', async () => {
    const server = await start({ settings: { work_mem: '5MB' } });
    expect(await query(server.url, 'show work_mem')).toEqual([{ work_mem: '5MB' }]);
    await server.stop();
    await expect(start({ settings: { listen_addresses: '*', port: '1' } })).rejects.toThrow(
      'cannot be changed: listen_addresses, port',
    );
    await expect(start({ settings: { work_mem: 'plenty' } })).rejects.toThrow(/invalid value for parameter "work_mem"/u);
  });

  it('says what is wrong when the password file is lost or another one', async () => {
    writeFileSync(join(dataDir, 'superuser-password'), 'another');
    await expect(start()).rejects.toThrow(/refuses the password/u);
    rmSync(join(dataDir, 'superuser-password'));
    await expect(start()).rejects.toThrow(/superuser-password is missing/u);
    expect(processesIn(join(dataDir, 'cluster'))).toEqual([]);
  });

  it('refuses data of another major version', async () => {
    writeFileSync(join(dataDir, 'cluster', 'PG_VERSION'), '17\n');
    await expect(start()).rejects.toThrow(/written by PostgreSQL 17; this Concord brings 18.*DATABASE_URL/su);
  });
});

describe('the port', () => {
  beforeEach(aFolderInUseBefore);

  it('may be fixed, and a taken one is named', async () => {
    const { server: other, port } = await occupyPort();
    await expect(start({ port })).rejects.toThrow(`Port ${port} on 127.0.0.1 is taken`);
    other.close();
    await once(other, 'close');
    expect((await start({ port })).port).toBe(port);
  });

  it('changes when the remembered one is taken', async () => {
    const first = await start();
    await first.stop();
    const other = createServer().listen(first.port, '127.0.0.1');
    await once(other, 'listening');
    const second = await start();
    expect(second.port).not.toBe(first.port);
    expect(await query(second.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    other.close();
  });

  it('changes when somebody takes it between our look and the server, and the stranger hears nothing from us', async () => {
    let calls = 0;
    const other = createServer((socket) => {
      calls++;
      socket.destroy();
    });
    const close = NetServer.prototype.close;
    const looked = import.meta.jest.spyOn(NetServer.prototype, 'close').mockImplementationOnce(function (this: NetServer, done) {
      const { port } = this.address() as AddressInfo;
      return close.call(this, () => other.listen(port, '127.0.0.1', done));
    });
    const server = await start();
    looked.mockRestore();
    expect(server.port).not.toBe((other.address() as AddressInfo).port);
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(calls).toBe(0);
    other.close();
  });
});

describe('two starts on one folder', () => {
  beforeEach(aFolderInUseBefore);

  it('are refused while the first one lives, with its process named', async () => {
    const { child, pid, url } = await otherConcord();
    await expect(start()).rejects.toThrow(
      `in use by a running Concord (process ${child.pid}; its PostgreSQL is process ${pid} on port`,
    );
    expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it.each(['first', 'later'])('at the same moment leave exactly one (%s start)', async (which) => {
    if (which === 'first') rmSync(dataDir, { recursive: true });
    const outcomes = await Promise.allSettled([start(), start(), start()]);
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => (reason as Error).name);
    expect(refused).toEqual(['FolderInUse', 'FolderInUse']);
    expect(await query(servers[0]!.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });
});

describe('after kill -9', () => {
  beforeEach(aFolderInUseBefore);

  it('of the server, what was committed is there', async () => {
    const first = await start();
    await query(first.url, 'create table pledged as select generate_series(1, 1000) as n');
    process.kill(first.pid, 'SIGKILL');
    expect(await first.exited).toMatchObject({ code: null });
    const second = await start();
    expect(await query(second.url, 'select count(*)::int as n from pledged')).toEqual([{ n: 1000 }]);
  });

  it('of the server in the middle of a long query, the next start ends the session that is left', async () => {
    const first = await start();
    const busy = new pg.Client({ connectionString: first.url });
    busy.on('error', () => undefined);
    await busy.connect();
    const lost = busy
      .query('select count(*) from generate_series(1, 1000000000) as n where n % 7 = 0')
      .catch((error: Error) => error);
    await until(
      WAIT_MS_MAX,
      async () =>
        (
          await query(
            first.url,
            "select 1 from pg_stat_activity where state = 'active' and query like '%generate_series%' and pid <> pg_backend_pid()",
          )
        ).length > 0,
    );
    process.kill(first.pid, 'SIGKILL');
    await first.exited;
    expect(processesIn(join(dataDir, 'cluster'))).not.toEqual([]);
    const second = await start();
    expect(await query(second.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(await lost).toBeInstanceOf(Error);
  });

  it('of Concord, its server ends by itself and the data is there', async () => {
    const { child, pid, url } = await otherConcord();
    await query(url, 'create table pledged as select 7 as n');
    const server = identityOf(pid)!;
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await until(5_000, () => !lives(server))).toBe(true);
    expect(await query((await start()).url, 'select n from pledged')).toEqual([{ n: 7 }]);
  });

  it('of Concord, a next start at once waits for the old server', async () => {
    const { child, url } = await otherConcord();
    await query(url, 'create table pledged as select 8 as n');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await query((await start()).url, 'select n from pledged')).toEqual([{ n: 8 }]);
  });

  it('a number in postmaster.pid that another process has by now does not stop the start', async () => {
    const first = await start();
    const file = join(dataDir, 'cluster', 'postmaster.pid');
    const said = readFileSync(file, 'utf8');
    await first.stop();
    const stranger = spawn('sleep', ['60']);
    children.push(stranger);
    writeFileSync(file, said.replace(/^\d+/u, String(stranger.pid)));
    chmodSync(file, 0o600);
    expect(await query((await start()).url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });
});

describe('a server that is not bound to our life', () => {
  beforeEach(aFolderInUseBefore);

  const NAMESPACE = process.getuid?.() === 0 ? ['unshare', '--user', '--map-user=65534', '--map-group=65534', '--'] : [];

  /** As on a system without setpriv: a server that outlives the process that started it. */
  async function unbound(owner: string): Promise<EmbeddedPostgres['pid']> {
    const { port } = await occupyPort().then(({ server, port }) => (server.close(), { port }));
    const child = otherProcess(`
      import { Server } from '${new URL('server.js', built)}';
      import { embeddedBinaries } from '${new URL('binaries.js', built)}';
      import { identityOf } from '${new URL('processes.js', built)}';
      const server = await Server.spawn({ cluster: process.argv[1] + '/cluster', binaries: await embeddedBinaries(process.argv[1]),
        launch: { prefix: ${JSON.stringify(NAMESPACE)} }, args: ['-h', '127.0.0.1', '-k', '', '-p', '${port}', ${owner}], log: () => {} });
      console.log(server.pid);`);
    const [line] = (await once(child.stdout!, 'data')) as [Buffer];
    const file = join(dataDir, 'cluster', 'postmaster.pid');
    await until(WAIT_MS_MAX, () => existsSync(file) && readFileSync(file, 'utf8').includes('ready'));
    child.kill('SIGKILL');
    await once(child, 'exit');
    return Number(line);
  }

  it('is stopped and replaced when its Concord is dead', async () => {
    const pid = await unbound("'-c', 'concord.owner=' + identityOf(process.pid)");
    const orphan = identityOf(pid)!;
    expect(orphan).toBeDefined();
    const server = await start();
    expect(lives(orphan)).toBe(false);
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('is left alone when somebody else started it', async () => {
    const pid = await unbound('');
    await expect(start()).rejects.toThrow(`a PostgreSQL server that Concord did not start (process ${pid}`);
    expect(identityOf(pid)).toBeDefined();
    process.kill(pid, 'SIGINT');
  });
});

it('stop leaves no process, may be repeated, and ends open sessions', async () => {
  aFolderInUseBefore();
  const server = await start();
  const session = new pg.Client({ connectionString: server.url });
  session.on('error', () => undefined);
  await session.connect();
  const family = processesIn(join(dataDir, 'cluster')).map((pid) => identityOf(pid)!);
  expect(family.length).toBeGreaterThan(3);
  await Promise.all([server.stop(), server.stop()]);
  await server.stop();
  expect(family.filter(lives)).toEqual([]);
  expect(await server.exited).toMatchObject({ code: 0 });
});

it('Ctrl-C reaches the application first, which may still ask its database', async () => {
  aFolderInUseBefore();
  const pgModule = import.meta.resolve('pg');
  const child = otherProcess(
    `
    import pg from '${pgModule}';
    const server = await startPostgres({ dataDir: process.argv[1] });
    process.once('SIGINT', async () => {
      const client = new pg.Client({ connectionString: server.url });
      await client.connect();
      const { rows } = await client.query("select 'last words' as it");
      await client.end();
      await server.stop();
      console.log(rows[0].it);
      process.exit(0);
    });
    console.log('ready');`,
    { detached: true },
  );
  await once(child.stdout!, 'data');
  // What a terminal does: the signal goes to the whole process group.
  process.kill(-child.pid!, 'SIGINT');
  const [line] = (await once(child.stdout!, 'data')) as [Buffer];
  expect(line.toString()).toBe('last words\n');
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(processesIn(join(dataDir, 'cluster'))).toEqual([]);
});
