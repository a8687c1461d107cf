import { everyone } from '@concord/access';
import { Health, OverdueMilestones, ProjectHealth } from '@concord/contracts';
import { Id } from '@concord/kernel';
import { defineQuery } from '@concord/platform';
import { z } from 'zod';
import { dayAfter, dayOf, daysLate, YELLOW_DAYS_MAX } from './domain/health.js';
import type { MilestoneState } from './domain/milestone.js';
import { presentMilestone } from './milestones.js';

const LATE_MAX = 100;

/** Suspended projects keep their dates: their health goes on. */
const RUNNING = "('implementation', 'suspended')";

const Narrowing = z.strictObject({
  organisation: Id.optional().meta({ description: 'Any part in the project' }),
  country: z.string().max(10).optional(),
});

/** Running projects with the first day that was missed, and their health by it: $1 organisation, $2 country, $3 today, $4 the last yellow day. */
const JUDGED = `
  WITH first AS (
    SELECT p.id, p.title, p.next_due_on AS due_on FROM projects p
     WHERE p.status IN ${RUNNING} AND ($1::text IS NULL OR p.organisations && ARRAY[$1::text]) AND ($2::text IS NULL OR p.country = $2)),
  judged AS (
    SELECT id, title, due_on, CASE WHEN due_on >= $3::date THEN 'green' WHEN due_on >= $4::date THEN 'yellow' ELSE 'red' END AS health FROM first)`;

interface LateProject {
  readonly id: string;
  readonly title: string;
  readonly due_on: string;
  readonly health: Health;
}

/** `GET /project-health`: health depends on today, so it is counted, never stored (R42). */
export const projectHealth = defineQuery({
  name: 'getProjectHealth',
  summary: 'How many running projects are green, yellow and red, and which are late (R42).',
  path: '/project-health',
  query: Narrowing,
  output: ProjectHealth,
  allows: everyone,
  async run({ query, db, at }) {
    const today = dayOf(at);
    const parameters = [query.organisation ?? null, query.country ?? null, today, dayAfter(today, -YELLOW_DAYS_MAX)];
    const counts = await db.query<{ health: Health; n: number }>(
      `${JUDGED} SELECT health, count(*)::int AS n FROM judged GROUP BY health`,
      parameters,
    );
    const late = await db.query<LateProject>(
      `${JUDGED} SELECT id, title, due_on::text, health FROM judged WHERE health <> 'green' ORDER BY due_on, id LIMIT ${LATE_MAX}`,
      parameters,
    );
    const count = (health: Health): number => counts.find((row) => row.health === health)?.n ?? 0;
    return {
      body: {
        green: count('green'),
        yellow: count('yellow'),
        red: count('red'),
        late: late.map(({ id, title, due_on, health }) => ({
          projectId: id,
          title,
          health,
          dueOn: due_on,
          daysLate: daysLate(due_on, today),
        })),
      },
    };
  },
});

/** `GET /overdue-milestones`: not handed in although the day has passed. */
export const overdueMilestones = defineQuery({
  name: 'listOverdueMilestones',
  summary: 'Milestones of running projects that were not handed in on their day, the latest first.',
  path: '/overdue-milestones',
  query: z.strictObject({
    project: Id.optional(),
    organisation: Id.optional(),
    limit: z.coerce.number().int().min(1).max(100).default(50),
  }),
  output: OverdueMilestones,
  allows: everyone,
  async run({ query, db, subject, at }) {
    const today = dayOf(at);
    const rows = await db.query<{ id: string; version: number; state: MilestoneState }>(
      `SELECT s.id, s.version, s.state FROM milestones m JOIN projects p ON p.id::text = m.project_id JOIN streams s ON s.id = m.id
        WHERE m.undelivered AND m.due_on < $1::date AND p.status IN ${RUNNING}
          AND ($2::text IS NULL OR m.project_id = $2) AND ($3::text IS NULL OR m.organisations && ARRAY[$3::text])
        ORDER BY m.due_on, m.id LIMIT $4`,
      [today, query.project ?? null, query.organisation ?? null, query.limit + 1],
    );
    const items = rows
      .slice(0, query.limit)
      .map((row) => ({ ...presentMilestone({ ...row, subject, at }), daysLate: daysLate(row.state.dueOn, today) }));
    return { body: { items, more: rows.length > query.limit } };
  },
});
