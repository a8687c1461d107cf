import type { DomainEvent } from '@concord/kernel';
import { uuidv7 } from '../clock.js';
import type { ContextDatabase } from '../database/context-database.js';
import type { Executor } from '../log/executor.js';
import type { ScheduleDefinition, ServiceDefinition } from '../service/definitions.js';
import type { Surroundings } from './context.js';

const LIMIT = 500;
const EVERY_MS = 5_000;
/** Answers of requests are kept this long by real time: longer than any client retries. */
const REQUESTS_KEPT = '7 days';

/** Fires deadlines by business time. They are rows, so nothing is lost by a restart; a lock lets one process at a time look. */
export class Schedules {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(
    private readonly service: ServiceDefinition,
    private readonly database: ContextDatabase,
    private readonly executor: Executor,
    private readonly surroundings: Pick<Surroundings, 'clock' | 'failed'>,
  ) {}

  start(): void {
    this.timer = setInterval(() => {
      if (!this.running)
        void this.runDue().catch((error: unknown) => this.surroundings.failed(`${this.service.name}: schedules`, error));
    }, EVERY_MS);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running?.catch(() => undefined);
  }

  /** Fires everything that is due now. Does nothing when another process is at it; in this process runs follow each other. */
  async runDue(): Promise<void> {
    while (this.running) await this.running.catch(() => undefined);
    this.running = this.runLocked().finally(() => (this.running = undefined));
    return this.running;
  }

  private async runLocked(): Promise<void> {
    const lock = [`concord schedules ${this.service.name}`];
    const client = await this.database.pool.connect();
    try {
      const { rows } = await client.query<{ taken: boolean }>(
        'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS taken',
        lock,
      );
      if (!rows[0]?.taken) return;
      try {
        for (const schedule of this.service.schedules) await this.fire(schedule);
        await this.prune();
      } finally {
        await client.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', lock);
      }
    } finally {
      client.release();
    }
  }

  private async fire(schedule: ScheduleDefinition): Promise<void> {
    const seen = new Set<string>();
    for (;;) {
      const due = await schedule.due(this.database, this.surroundings.clock.now(), LIMIT);
      // A row that stays due after its decision had nothing to do would come for ever: each is tried once a run.
      const fresh = due.filter((id) => !seen.has(id));
      if (fresh.length === 0) return;
      for (const id of fresh) seen.add(id);
      const results = await Promise.allSettled(fresh.map((id) => this.decide(schedule, id)));
      for (const result of results)
        if (result.status === 'rejected') this.surroundings.failed(`${this.service.name}: ${schedule.name}`, result.reason);
    }
  }

  private decide(schedule: ScheduleDefinition, id: string): Promise<unknown> {
    return this.executor.execute({
      trace: { correlation: uuidv7() },
      reads: [{ aggregate: schedule.aggregate, id }],
      decide: (decision) => {
        const { state, version } = decision.read(schedule.aggregate, id);
        const events = schedule.decide({ ...decision, id, state, version });
        if (events)
          decision.append(schedule.aggregate, id, ...(Array.isArray(events) ? (events as DomainEvent[]) : [events as DomainEvent]));
      },
    });
  }

  private async prune(): Promise<void> {
    await this.database.query(
      `DELETE FROM requests WHERE ctid = ANY(ARRAY(SELECT ctid FROM requests WHERE at < now() - interval '${REQUESTS_KEPT}' LIMIT 5000))`,
    );
  }
}
