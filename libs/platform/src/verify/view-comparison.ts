import type { Database, Row, Table } from '../database/table.js';
import { Tally } from './report.js';

const BATCH = 1_000;

/** Compares the rows of an inline view with the rows its streams should have, by PostgreSQL's own idea of equal. */
export class ViewComparison {
  readonly tally: Tally;
  private expected: Row[] = [];
  private absent: string[] = [];
  private readonly sql: string;

  constructor(
    private readonly table: Table,
    private readonly kinds: readonly string[],
    private readonly db: Database,
  ) {
    this.tally = new Tally(`view ${table.name}`);
    const columns = Object.entries(table.columns);
    const types = columns.map(([column, type]) => `${column} ${type}`).join(', ');
    // json has no equality of its own.
    const as = (type: string): string => (type === 'json' ? '::text' : '');
    const differing = columns.map(
      ([column, type]) => `CASE WHEN v.${column}${as(type)} IS DISTINCT FROM u.${column}${as(type)} THEN '${column}' END`,
    );
    this.sql = `SELECT * FROM (SELECT u.id::text AS id, v.id IS NULL AS missing, array_remove(ARRAY[${differing.join(', ')}]::text[], NULL) AS columns
      FROM jsonb_to_recordset($1::jsonb) AS u(${types}) LEFT JOIN ${table.name} v ON v.id = u.id) c WHERE missing OR cardinality(columns) > 0`;
  }

  /** Whether the next stream should wait for `flush`. */
  get full(): boolean {
    return this.expected.length >= BATCH || this.absent.length >= BATCH;
  }

  /** Notes the row a stream should have; undefined when it should have none. */
  expect(id: string, row: Row | undefined): void {
    this.tally.looked();
    if (row) this.expected.push({ id, ...row });
    else this.absent.push(id);
  }

  async flush(): Promise<void> {
    if (this.expected.length > 0) {
      const found = await this.db.query<{ id: string; missing: boolean; columns: string[] }>(this.sql, [
        JSON.stringify(this.expected),
      ]);
      for (const { id, missing, columns } of found)
        this.tally.differs(`${this.table.name} ${id}`, missing ? 'the row is missing' : `differs in ${columns.join(', ')}`);
    }
    if (this.absent.length > 0) this.extra(await this.rowsOf('id = ANY($1::uuid[])', [this.absent]));
    this.expected = [];
    this.absent = [];
  }

  /** Flushes, and looks for rows that belong to no stream. */
  async end(): Promise<void> {
    await this.flush();
    this.extra(
      await this.rowsOf('NOT EXISTS (SELECT 1 FROM streams s WHERE s.id = v.id AND s.kind = ANY($1::text[])) LIMIT 1000', [
        this.kinds,
      ]),
    );
  }

  private extra(rows: readonly { id: string }[]): void {
    for (const { id } of rows) this.tally.differs(`${this.table.name} ${id}`, 'no stream has this row');
  }

  private rowsOf(where: string, parameters: readonly unknown[]): Promise<{ id: string }[]> {
    return this.db.query<{ id: string }>(`SELECT v.id::text AS id FROM ${this.table.name} v WHERE ${where}`, parameters);
  }
}
