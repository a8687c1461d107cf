import type { MigrationDefinition } from '@concord/platform';

/** Tables of this context, in the order they came. */
export const migrations: readonly MigrationDefinition[] = [
  {
    name: '0001-needs-and-proposals',
    sql: `
      CREATE TABLE needs (
        id uuid PRIMARY KEY,
        public boolean NOT NULL,
        status text NOT NULL,
        organisation_id text NOT NULL,
        need_type text,
        country text,
        language text NOT NULL,
        sdg_goals text[] NOT NULL,
        sdg_targets text[] NOT NULL,
        kinds text[] NOT NULL,
        use_case text,
        endorser_ids text[] NOT NULL,
        invited_ids text[] NOT NULL,
        search text NOT NULL,
        listed_at timestamptz NOT NULL,
        closes_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        intake_due_at timestamptz,
        expires_at timestamptz,
        award_due_at timestamptz
      );
      CREATE INDEX needs_listed ON needs (listed_at DESC, id DESC);
      CREATE INDEX needs_closing ON needs (closes_at, id);
      CREATE INDEX needs_updated ON needs (updated_at DESC, id DESC);
      CREATE INDEX needs_organisation ON needs (organisation_id);
      CREATE INDEX needs_country ON needs (country, status);
      CREATE INDEX needs_endorsers ON needs USING gin (endorser_ids) WHERE endorser_ids <> '{}';
      CREATE INDEX needs_invited ON needs USING gin (invited_ids) WHERE invited_ids <> '{}';
      CREATE INDEX needs_search ON needs USING gin (search extensions.gin_trgm_ops);
      CREATE INDEX needs_intake_due ON needs (intake_due_at) WHERE intake_due_at IS NOT NULL;
      CREATE INDEX needs_expires ON needs (expires_at) WHERE expires_at IS NOT NULL;
      CREATE INDEX needs_award_due ON needs (award_due_at) WHERE award_due_at IS NOT NULL;
      CREATE TABLE proposals (
        id uuid PRIMARY KEY,
        need_id text NOT NULL,
        owner_id text NOT NULL,
        lead_id text NOT NULL,
        writer_ids text[] NOT NULL,
        reviewer_ids text[] NOT NULL,
        received boolean NOT NULL,
        status text NOT NULL,
        search text NOT NULL,
        updated_at timestamptz NOT NULL
      );
      CREATE INDEX proposals_need ON proposals (need_id, status);
      CREATE INDEX proposals_owner ON proposals (owner_id);
      CREATE INDEX proposals_updated ON proposals (updated_at DESC, id DESC);
      CREATE INDEX proposals_writers ON proposals USING gin (writer_ids);
      CREATE INDEX proposals_reviewers ON proposals USING gin (reviewer_ids);`,
  },
];
