import { signal, testDatabase, type TestDatabase } from '@concord/testing';
import pg from 'pg';
import { Siblings } from './siblings.js';

/** A process of the context, as far as it hears and tells. */
class Process {
  readonly heard: unknown[] = [];
  missed = 0;
  readonly faults: unknown[] = [];
  readonly pool: pg.Pool;
  readonly siblings: Siblings;
  private readonly waiting = new Set<() => void>();

  constructor(url: string, context: string) {
    this.pool = new pg.Pool({ connectionString: url, max: 2 });
    this.pool.on('error', (error) => this.faults.push(error));
    this.siblings = new Siblings(context, {
      heard: (message) => this.changed(() => this.heard.push(message)),
      missed: () => this.changed(() => (this.missed += 1)),
      failed: (error) => void this.faults.push(error),
    });
    this.siblings.start(this.pool);
  }

  /** Resolves when the condition holds; looked at after everything heard. */
  until(holds: (process: Process) => boolean): Promise<void> {
    const reached = signal();
    const look = () => void (holds(this) && reached.give());
    this.waiting.add(look);
    look();
    return reached.given;
  }

  async stop(): Promise<void> {
    await this.siblings.stop();
    await this.pool.end();
  }

  private changed(change: () => unknown): void {
    change();
    for (const look of this.waiting) look();
  }
}

let database: TestDatabase;
const running: Process[] = [];
const start = (context = 'pledges'): Process => {
  const process = new Process(database.url, context);
  running.push(process);
  return process;
};

beforeAll(async () => (database = await testDatabase()));
afterEach(async () => {
  for (const process of running.splice(0)) await process.stop();
});
afterAll(() => database.drop());

describe('siblings', () => {
  it('hear what another process of the context tells, in order, and not what they tell themselves', async () => {
    const [a, b, other] = [start(), start(), start('stewardship')];
    await Promise.all([a, b, other].map((process) => process.until(({ missed }) => missed > 0)));
    for (let n = 0; n < 50; n += 1) a.siblings.tell({ n });
    await b.until(({ heard }) => heard.length === 50);
    expect(b.heard).toEqual(Array.from({ length: 50 }, (_none, n) => ({ n })));
    b.siblings.tell({ done: true });
    await a.until(({ heard }) => heard.length === 1);
    expect(a.heard).toEqual([{ done: true }]);
    expect(other.heard).toEqual([]);
  });

  it('look again after what is too long to be told', async () => {
    const [a, b] = [start(), start()];
    await Promise.all([a, b].map((process) => process.until(({ missed }) => missed === 1)));
    a.siblings.tell({ text: 'é'.repeat(5_000) });
    await b.until(({ missed }) => missed === 2);
    expect(b.heard).toEqual([]);
  });

  it('look again after a break of the connection, and hear what comes then', async () => {
    const [a, b] = [start(), start()];
    await Promise.all([a, b].map((process) => process.until(({ missed }) => missed === 1)));
    await a.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()`,
    );
    await Promise.all([a, b].map((process) => process.until(({ missed }) => missed >= 2)));
    a.siblings.tell('again');
    await b.until(({ heard }) => heard.includes('again'));
    expect(a.faults.length).toBeGreaterThan(0);
  });

  it('tell what waited before they were started', async () => {
    const b = start();
    await b.until(({ missed }) => missed === 1);
    const pool = new pg.Pool({ connectionString: database.url, max: 1 });
    const early = new Siblings('pledges', { heard: () => undefined, missed: () => undefined, failed: () => undefined });
    early.tell('before');
    early.start(pool);
    await b.until(({ heard }) => heard.includes('before'));
    await early.stop();
    await pool.end();
  });
});
