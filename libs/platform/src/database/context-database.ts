import pg, { type Pool, type QueryConfig } from 'pg';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import type { MigrationDefinition } from '../service/definitions.js';
import type { Database } from './table.js';

/** Where a context keeps its data: its own role, whose search_path is its own schema. */
export interface ContextAccess {
  readonly url: string;
  readonly schema: string;
  /** Connections at most; the log needs two for its batches, the rest serves reads and tails. */
  readonly connections?: number;
}

/** A context's database: migrations through TypeORM, everything else over the same pool. */
export class ContextDatabase implements Database {
  private readonly plans = new Plans();

  private constructor(
    private readonly source: DataSource,
    readonly pool: Pool,
    readonly schema: string,
  ) {}

  /**
   * Connects and brings the schema to this build's version, under a lock, so that several instances may start at once.
   * Throws when the server cannot be reached or a migration fails; nothing of a failed migration stays.
   */
  static async open(
    access: ContextAccess,
    migrations: { readonly core: readonly MigrationDefinition[]; readonly own: readonly MigrationDefinition[] },
  ): Promise<ContextDatabase> {
    const source = new DataSource({
      type: 'postgres',
      driver: pg,
      url: access.url,
      schema: access.schema,
      applicationName: `concord ${access.schema}`,
      poolSize: access.connections ?? 8,
      migrations: [
        ...migrations.core.map((one, index) => asTypeOrm(one, CORE + index)),
        ...migrations.own.map((one, index) => asTypeOrm(one, OWN + index)),
      ],
      migrationsTableName: 'migrations',
      migrationsTransactionMode: 'each',
      synchronize: false,
      logging: false,
      extra: { idleTimeoutMillis: 30_000, idle_in_transaction_session_timeout: 10_000 },
    });
    await source.initialize();
    const pool = (source.driver as unknown as { master: Pool }).master;
    // A client in use when its server dies says so to the query under way, and as an event: unheard, that would end the process.
    pool.on('acquire', (client) => {
      if (!client.listeners('error').includes(toldByQuery)) client.on('error', toldByQuery);
    });
    const database = new ContextDatabase(source, pool, access.schema);
    try {
      await database.migrate();
    } catch (error) {
      await database.close();
      throw error;
    }
    return database;
  }

  async query<R = Record<string, unknown>>(sql: string, parameters: readonly unknown[] = []): Promise<R[]> {
    const { rows } = await this.pool.query(this.plans.statement(sql, parameters));
    return rows as R[];
  }

  /** Runs a function in one transaction; any throw rolls it back. Never call the network inside. */
  async transaction<T>(work: (db: Database, client: import('pg').PoolClient) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN');
      const result = await work(
        { query: async (sql, parameters = []) => (await client.query(this.plans.statement(sql, parameters))).rows },
        client,
      );
      await client.query('COMMIT');
      client.release();
      return result;
    } catch (error) {
      // A connection whose rollback fails is thrown away, so that its open transaction cannot hold the relay back.
      const rolledBack = await client.query('ROLLBACK').then(
        () => true,
        () => false,
      );
      client.release(!rolledBack);
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.source.destroy();
  }

  private async migrate(): Promise<void> {
    const runner = this.source.createQueryRunner();
    const lock = [`concord migrations ${this.schema}`];
    try {
      await runner.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', lock);
      await this.source.runMigrations();
    } finally {
      await runner.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', lock);
      await runner.release();
    }
  }
}

// Ranges of their own, so that a new table of the platform does not rename the migrations of a context.
const CORE = 1_600_000_000_000;
const OWN = 1_700_000_000_000;

/** Texts that are kept count of, and uses after which one is prepared: for a text used once, a plan that stays is a waste. */
const TEXTS_MAX = 300;
const USES_MIN = 3;

/** Prepares what is asked often: planning a query can cost ten times its execution. */
class Plans {
  private readonly uses = new Map<string, { readonly name: string; count: number }>();

  statement(text: string, parameters: readonly unknown[]): QueryConfig {
    let known = this.uses.get(text);
    if (known === undefined && this.uses.size < TEXTS_MAX) {
      known = { name: `query ${this.uses.size}`, count: 0 };
      this.uses.set(text, known);
    }
    const often = known !== undefined && parameters.length > 0 && ++known.count >= USES_MIN;
    return { text, values: parameters as unknown[], ...(often ? { name: known!.name } : {}) };
  }
}

const toldByQuery = (): void => undefined;

/** TypeORM orders migrations by the number at the end of their class name, which it reads as milliseconds since 1970. */
function asTypeOrm(migration: MigrationDefinition, order: number): new () => MigrationInterface {
  const className = `Step${migration.name.replace(/[^a-zA-Z0-9]+/gu, '_')}_${order}`;
  return class implements MigrationInterface {
    name = className;

    async up(runner: QueryRunner): Promise<void> {
      await runner.query(migration.sql);
    }

    async down(): Promise<void> {
      throw new Error('Migrations go forward only. Restore a backup to go back.');
    }
  };
}
