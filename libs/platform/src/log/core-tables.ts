import type { MigrationDefinition } from '../service/definitions.js';

/**
 * The tables every context has beside its read models. `streams` is the fold of `events` and the place a writer locks;
 * `events` is the append-only truth, the outbox and the audit trail, read in the order (xid, position); `requests` keeps the
 * answer of every idempotency key as text; `inbox` remembers which public events took effect; `parked` holds what could not.
 */
export const coreTables: MigrationDefinition = {
  name: '0000-core-tables',
  sql: `
    CREATE TABLE streams (
      id uuid PRIMARY KEY,
      kind text NOT NULL,
      version int NOT NULL,
      published int NOT NULL,
      state json NOT NULL,
      hash text NOT NULL
    ) WITH (fillfactor = 70);
    CREATE TABLE events (
      position bigint GENERATED ALWAYS AS IDENTITY,
      xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
      stream uuid NOT NULL,
      version int NOT NULL,
      kind text NOT NULL,
      schema_version smallint NOT NULL,
      previous int,
      data jsonb NOT NULL,
      meta jsonb NOT NULL,
      hash text NOT NULL,
      PRIMARY KEY (stream, version)
    );
    CREATE UNIQUE INDEX events_order ON events (xid, position);
    CREATE INDEX events_reasons ON events (position) WHERE data ? 'reason';
    CREATE TABLE requests (
      scope text NOT NULL,
      key text NOT NULL,
      hash text NOT NULL,
      status smallint NOT NULL,
      headers json NOT NULL,
      body text NOT NULL,
      at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (scope, key)
    );
    CREATE INDEX requests_at ON requests USING brin (at);
    CREATE TABLE inbox (
      consumer text NOT NULL,
      stream uuid NOT NULL,
      sequence int NOT NULL,
      PRIMARY KEY (consumer, stream, sequence)
    );
    CREATE TABLE cursors (
      name text PRIMARY KEY,
      xid xid8 NOT NULL,
      position bigint NOT NULL,
      token bigint NOT NULL DEFAULT 0
    );
    CREATE TABLE parked (
      consumer text NOT NULL,
      stream uuid NOT NULL,
      sequence int NOT NULL,
      event jsonb NOT NULL,
      error text NOT NULL,
      at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (consumer, stream, sequence)
    );`,
};
