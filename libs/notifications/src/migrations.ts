import type { MigrationDefinition } from '@concord/platform';

/** Tables of the notifications context. */
export const migrations: readonly MigrationDefinition[] = [
  {
    name: '0001-inbox',
    sql: `
      CREATE TABLE inbox_items (
        person uuid NOT NULL,
        item bigint NOT NULL,
        unread boolean NOT NULL,
        done boolean NOT NULL,
        body jsonb NOT NULL,
        PRIMARY KEY (person, item)
      );
      CREATE INDEX inbox_items_unread ON inbox_items (person, item DESC) WHERE unread AND NOT done;
      CREATE INDEX inbox_items_open ON inbox_items (person, item DESC) WHERE NOT done;
      CREATE TABLE follows (
        id uuid PRIMARY KEY,
        person uuid NOT NULL,
        object_kind text NOT NULL,
        object_id uuid NOT NULL,
        active boolean NOT NULL
      );
      CREATE UNIQUE INDEX follows_once ON follows (person, object_id) WHERE active;
      CREATE INDEX follows_of_object ON follows (object_id) WHERE active;`,
  },
  {
    name: '0002-recipients',
    sql: `
      CREATE TABLE members (organisation uuid NOT NULL, person uuid NOT NULL, roles text[] NOT NULL, PRIMARY KEY (organisation, person));
      CREATE TABLE platform_roles (person uuid PRIMARY KEY, roles text[] NOT NULL);
      CREATE TABLE parties (
        object uuid NOT NULL,
        party text NOT NULL,
        holder uuid NOT NULL,
        via uuid NOT NULL,
        PRIMARY KEY (object, party, holder, via)
      );
      CREATE INDEX parties_via ON parties (via);
      CREATE TABLE titles (object uuid PRIMARY KEY, title text NOT NULL);`,
  },
  {
    name: '0003-as-of',
    sql: `
      -- Whom an event concerns is asked as of its own time: events of different objects arrive in any order.
      ALTER TABLE members ADD COLUMN since timestamptz NOT NULL DEFAULT '-infinity';
      ALTER TABLE parties ADD COLUMN since timestamptz NOT NULL DEFAULT '-infinity', ADD COLUMN until timestamptz;
      CREATE INDEX parties_ended ON parties (until) WHERE until IS NOT NULL;
      CREATE TABLE heard (
        at timestamptz NOT NULL,
        source text NOT NULL,
        id text NOT NULL,
        through text[] NOT NULL,
        event jsonb NOT NULL,
        PRIMARY KEY (at, source, id)
      );`,
  },
];
