import type { MigrationDefinition } from '@concord/platform';

/** Tables of the boards and of the ledger, in the order they came. Few indexes: each one is paid for by every pledge made. */
export const migrations: readonly MigrationDefinition[] = [
  {
    name: '0001-boards',
    sql: `
      CREATE TABLE line_board (
        id uuid PRIMARY KEY,
        need_id text NOT NULL,
        owner_id text NOT NULL,
        kind text NOT NULL,
        unit text NOT NULL,
        title text NOT NULL,
        status text NOT NULL,
        target bigint NOT NULL,
        minimum bigint,
        reserved bigint NOT NULL,
        confirmed bigint NOT NULL,
        delivered bigint NOT NULL,
        CONSTRAINT line_board_cap CHECK (reserved >= 0 AND confirmed >= 0 AND reserved + confirmed <= target)
      ) WITH (fillfactor = 50);
      CREATE INDEX line_board_need ON line_board (need_id);
      CREATE INDEX line_board_title ON line_board (title, id);
      CREATE TABLE pledge_board (
        id uuid PRIMARY KEY,
        need_id text NOT NULL,
        line_id text NOT NULL,
        owner_id text NOT NULL,
        organisation_id text NOT NULL,
        recipient_id text,
        project_id text,
        kind text NOT NULL,
        status text NOT NULL,
        unit text NOT NULL,
        quantity bigint NOT NULL,
        counted bigint NOT NULL,
        ever_confirmed bigint NOT NULL,
        delivered bigint NOT NULL,
        made_at timestamptz NOT NULL,
        valid_until timestamptz NOT NULL,
        next_due_on date
      ) WITH (fillfactor = 90);
      CREATE INDEX pledge_board_newest ON pledge_board (made_at, id);
      CREATE INDEX pledge_board_need ON pledge_board (need_id, made_at, id);
      CREATE INDEX pledge_board_organisation ON pledge_board (organisation_id, made_at, id);
      CREATE INDEX pledge_board_expiring ON pledge_board (valid_until, id) WHERE status = 'offered';
      CREATE INDEX pledge_board_project ON pledge_board (project_id) WHERE project_id IS NOT NULL;
      CREATE INDEX pledge_board_due ON pledge_board (next_due_on, id) WHERE next_due_on IS NOT NULL;
    `,
  },
  {
    name: '0002-deliveries-and-funds',
    sql: `
      CREATE TABLE delivery_board (
        id uuid PRIMARY KEY,
        pledge_id text NOT NULL,
        need_id text NOT NULL,
        project_id text NOT NULL,
        owner_id text NOT NULL,
        organisation_id text NOT NULL,
        recipient_id text NOT NULL,
        kind text NOT NULL,
        status text NOT NULL,
        recorded_at timestamptz NOT NULL
      );
      CREATE INDEX delivery_board_pledge ON delivery_board (pledge_id);
      CREATE INDEX delivery_board_project ON delivery_board (project_id);
      CREATE INDEX delivery_board_organisation ON delivery_board (organisation_id, recorded_at, id);
      CREATE INDEX delivery_board_recipient ON delivery_board (recipient_id, recorded_at, id);
      CREATE INDEX delivery_board_owner ON delivery_board (owner_id, recorded_at, id);
      CREATE TABLE fund_board (
        id uuid PRIMARY KEY,
        need_id text NOT NULL,
        recipient_id text NOT NULL,
        status text NOT NULL
      );
      CREATE INDEX fund_board_need ON fund_board (need_id);
    `,
  },
  {
    name: '0003-ledger',
    sql: `
      CREATE TABLE ledger_entries (
        stream uuid NOT NULL,
        version int NOT NULL,
        side smallint NOT NULL,
        kind text NOT NULL,
        at timestamptz NOT NULL,
        book text NOT NULL,
        unit text NOT NULL,
        account_kind text NOT NULL,
        account_id text NOT NULL,
        amount bigint NOT NULL,
        need_id text NOT NULL,
        project_id text,
        PRIMARY KEY (stream, version, side)
      );
      CREATE INDEX ledger_entries_need ON ledger_entries (need_id);
      CREATE INDEX ledger_entries_project ON ledger_entries (project_id, at, stream, version, side) WHERE book = 'moved';
      CREATE TABLE ledger_books (
        book text NOT NULL,
        unit text NOT NULL,
        debit numeric NOT NULL,
        credit numeric NOT NULL,
        PRIMARY KEY (book, unit)
      );
    `,
  },
];
