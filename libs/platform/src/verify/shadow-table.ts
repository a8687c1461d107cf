import { assert } from '@concord/kernel';
import pg from 'pg';

/** Tables beside the live ones, filled while those serve, and then put in their place in one short transaction. */
export class ShadowTables {
  private readonly schema: string;

  /** `client` is a connection of its own. */
  constructor(
    private readonly client: pg.Client,
    schema: string,
    readonly tables: readonly string[],
  ) {
    this.schema = pg.escapeIdentifier(schema);
  }

  /** Name of the table that will replace `table`, for direct writes. */
  nameOf(table: string): string {
    return `${this.schema}.${table}_rebuilt`;
  }

  /**
   * Makes empty tables of the same shape. Statements on this connection that name a live table reach its shadow: temporary objects
   * come first in the search path, and a plain view passes every write on.
   */
  async create(): Promise<void> {
    for (const table of this.tables) {
      await this.client.query(`DROP TABLE IF EXISTS ${this.nameOf(table)}`);
      await this.client.query(`CREATE TABLE ${this.nameOf(table)} (LIKE ${this.schema}.${table} INCLUDING ALL)`);
      await this.client.query(`CREATE TEMP VIEW ${table} AS SELECT * FROM ${this.nameOf(table)}`);
    }
  }

  /** Makes empty tables of the same columns, for rows that arrive in bulk: their indexes are built afterwards, a fraction of the work of keeping them. */
  async createPlain(): Promise<void> {
    for (const table of this.tables) {
      await this.client.query(`DROP TABLE IF EXISTS ${this.nameOf(table)}`);
      await this.client.query(`CREATE TABLE ${this.nameOf(table)} (LIKE ${this.schema}.${table} INCLUDING ALL EXCLUDING INDEXES)`);
    }
  }

  /** Builds on the shadows of `createPlain` every index that the live tables have. */
  async buildIndexes(): Promise<void> {
    for (const table of this.tables) {
      const { rows } = await this.client.query<{ name: string; primary: boolean; unique: boolean; rest: string }>(
        `SELECT c.relname AS name, i.indisprimary AS primary, i.indisunique AS unique,
                regexp_replace(pg_get_indexdef(i.indexrelid), '^.* USING ', ' USING ') AS rest
           FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = $1::regclass ORDER BY c.relname`,
        [`${this.schema}.${table}`],
      );
      for (const { name, primary, unique, rest } of rows) {
        const made = pg.escapeIdentifier(`${name}_rebuilt`);
        await this.client.query(`CREATE ${unique ? 'UNIQUE ' : ''}INDEX ${made} ON ${this.nameOf(table)}${rest}`);
        if (primary)
          await this.client.query(`ALTER TABLE ${this.nameOf(table)} ADD CONSTRAINT ${made} PRIMARY KEY USING INDEX ${made}`);
      }
    }
  }

  /** Puts the shadows in the place of the live tables, inside the caller's transaction. Indexes keep the names migrations and refusals know. */
  async swap(): Promise<void> {
    for (const table of this.tables) {
      const [live, shadow] = [`${this.schema}.${table}`, this.nameOf(table)];
      await this.client.query(`DROP VIEW IF EXISTS pg_temp.${table}`);
      const [names, made] = [await this.indexesOf(live), await this.indexesOf(shadow)];
      await this.client.query(`DROP TABLE ${live}`);
      await this.client.query(`ALTER TABLE ${shadow} RENAME TO ${table}`);
      for (const { name, definition } of names) {
        const at = made.findIndex((index) => index.definition === definition);
        assert(at >= 0, `the shadow of ${table} has an index like ${name}`);
        const madeName = pg.escapeIdentifier(made.splice(at, 1)[0]!.name);
        await this.client.query(`ALTER INDEX ${this.schema}.${madeName} RENAME TO ${pg.escapeIdentifier(name)}`);
      }
    }
  }

  /** Removes what a failed attempt left. */
  async discard(): Promise<void> {
    for (const table of this.tables) {
      await this.client.query(`DROP VIEW IF EXISTS pg_temp.${table}`);
      await this.client.query(`DROP TABLE IF EXISTS ${this.nameOf(table)}`);
    }
  }

  /** A table's indexes: name, and definition without the names in it. */
  private async indexesOf(table: string): Promise<{ name: string; definition: string }[]> {
    const { rows } = await this.client.query<{ name: string; definition: string }>(
      `SELECT c.relname AS name, i.indisprimary || regexp_replace(pg_get_indexdef(i.indexrelid), ' INDEX .* USING ', ' ') AS definition
         FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = $1::regclass ORDER BY c.relname`,
      [table],
    );
    return rows;
  }
}
