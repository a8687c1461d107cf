import type { MigrationDefinition } from '@concord/platform';

/** Tables of the lists, in the order they came. */
export const migrations: readonly MigrationDefinition[] = [
  {
    name: '0001-projects',
    sql: `
      CREATE TABLE projects (
        id uuid PRIMARY KEY,
        status text NOT NULL,
        need_id text NOT NULL,
        lead_id text NOT NULL,
        steward_id text NOT NULL,
        organisations text[] NOT NULL,
        country text NOT NULL,
        sdgs text[] NOT NULL,
        title text NOT NULL,
        search text NOT NULL,
        opened_at timestamptz NOT NULL,
        next_due_on date NOT NULL
      );
      CREATE INDEX projects_newest ON projects (opened_at, id);
      CREATE INDEX projects_due ON projects (next_due_on, id);
      CREATE INDEX projects_need ON projects (need_id);
      CREATE INDEX projects_organisations ON projects USING gin (organisations);
      CREATE INDEX projects_search ON projects USING gin (search extensions.gin_trgm_ops);
    `,
  },
  {
    name: '0002-milestones',
    sql: `
      CREATE TABLE milestones (
        id uuid PRIMARY KEY,
        project_id text NOT NULL,
        status text NOT NULL,
        responsible_id text NOT NULL,
        organisations text[] NOT NULL,
        awaiting text[] NOT NULL,
        awaiting_by text[] NOT NULL,
        due_on date NOT NULL,
        undelivered boolean NOT NULL,
        search text NOT NULL
      );
      CREATE INDEX milestones_project ON milestones (project_id);
      CREATE INDEX milestones_due ON milestones (due_on, id);
      CREATE INDEX milestones_undelivered ON milestones (due_on, id) WHERE undelivered;
      CREATE INDEX milestones_organisations ON milestones USING gin (organisations);
      CREATE INDEX milestones_awaiting_by ON milestones USING gin (awaiting_by);
      CREATE INDEX milestones_search ON milestones USING gin (search extensions.gin_trgm_ops);
    `,
  },
  {
    name: '0003-reports',
    sql: `
      CREATE TABLE reports (
        id uuid PRIMARY KEY,
        project_id text NOT NULL,
        stage text NOT NULL,
        kind text NOT NULL,
        lead_id text NOT NULL,
        steward_id text NOT NULL,
        due_on date NOT NULL
      );
      CREATE INDEX reports_project ON reports (project_id);
      CREATE INDEX reports_due ON reports (due_on, id);
    `,
  },
  {
    name: '0004-milestone-reminders',
    sql: `
      ALTER TABLE milestones ADD COLUMN remind_on date;
      CREATE INDEX milestones_remind ON milestones (remind_on, id) WHERE remind_on IS NOT NULL;
    `,
  },
];
