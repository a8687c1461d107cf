import { NeedAwardFinalised, NeedPublished, PARTNERSHIPS_EVENTS, ProposalAccepted, STEWARDSHIP_EVENTS } from '@concord/contracts';
import { gateway } from '@concord/gateway';
import { daysAfter } from '@concord/kernel';
import { Platform, uuidv7, type ContextAccess } from '@concord/platform';
import { pledges } from '@concord/pledges';
import { startConcord, testServer, type Actor, type ConcordOptions, type TestConcord } from '@concord/testing';
import pg from 'pg';
import type { Party } from './client.js';
import type { Target } from './load.js';
import { readRows, type StoredRows } from './stored-rows.js';

const DAY_0 = '2035-01-01T08:00:00.000Z';
/** An instant so many days after the business time at which a stage begins. */
export const day = (n: number): string => daysAfter(DAY_0, n);

const party = ({ organisation, token }: Actor): Party => ({ id: organisation ?? '', token: token ?? '' });

/** Pledges and rooms in this process, over HTTP and real PostgreSQL, with organisations to act for. */
export class Stage {
  private readonly stops: (() => Promise<void>)[] = [];

  private constructor(
    readonly concord: TestConcord,
    readonly owner: Party,
    readonly pledgers: readonly Party[],
    private readonly client: pg.Client,
  ) {}

  static async open(pledgers = 3, bus?: ConcordOptions['bus']): Promise<Stage> {
    const concord = await startConcord({
      services: [pledges, gateway],
      sources: { partnerships: PARTNERSHIPS_EVENTS, stewardship: STEWARDSHIP_EVENTS },
      at: DAY_0,
      ...(bus && { bus }),
    });
    const actors = await Promise.all(Array.from({ length: pledgers + 1 }, () => concord.actor({ organisation: uuidv7() })));
    const [owner, ...others] = actors.map(party);
    const [row] = await concord.platform.context('pledges').database.query<{ name: string }>('SELECT current_database() AS name');
    const url = new URL(testServer());
    url.pathname = `/${row!.name}`;
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    return new Stage(concord, owner!, others, client);
  }

  /** Publishes a need with lines of so much money or so many hours each, awarded to a lead when asked; returns the lines. */
  async need(
    targets: readonly number[],
    kind: 'funding' | 'expertise' = 'funding',
    awarded = false,
    leadId: string = uuidv7(),
  ): Promise<string[]> {
    const [needId, projectId] = [uuidv7(), uuidv7()];
    const unit = kind === 'funding' ? 'USD' : 'hour';
    const lines = targets.map((target) => ({ lineId: uuidv7(), kind, title: 'Line', unit, target, recipient: 'lead' as const }));
    const published = NeedPublished({
      organisationId: this.owner.id,
      title: 'A need under faults',
      language: 'en',
      needType: 'technical_assistance',
      country: 'MW',
      regions: [],
      sdgTargets: ['6.1'],
      lines,
      criteria: [{ criterionId: uuidv7(), title: 'Relevance', weight: 100 }],
      intakeClosesAt: day(300),
      validUntil: day(600),
    });
    await this.concord.publish('partnerships', needId, published);
    if (awarded) await this.award({ needId, projectId, leadId }, lines);
    return lines.map(({ lineId }) => lineId);
  }

  /** Where a load of this stage goes. */
  async target(): Promise<Target> {
    const [hot, roomy] = [await this.need([3_000, 3_000]), await this.need(Array.from({ length: 6 }, () => 1_000_000_000))];
    return { bases: [this.concord.url], owner: this.owner, pledgers: this.pledgers, hot, roomy };
  }

  /** Another process of the same contexts over the same database, as far as the database can tell. It takes over the listeners. */
  async secondInstance(): Promise<{ readonly url: string; readonly platform: Platform }> {
    const { platform, clock } = this.concord;
    const accesses = new Map<string, ContextAccess>();
    for (const [name, { database }] of platform.contexts) {
      accesses.set(name, { url: database.pool.options.connectionString ?? '', schema: name });
    }
    const second = await Platform.start({
      services: [...platform.contexts.values()].map(({ service }) => service),
      accesses,
      clock,
      standingChanges: () => [],
      version: 'spec',
      rateLimit: { perSecond: 1e6, burst: 1e6 },
      failed: (where, error) => void this.concord.faults.push(`second: ${where}: ${String(error)}`),
    });
    const http = await second.http();
    const port = await http.listen(0, '127.0.0.1');
    this.stops.push(async () => {
      await http.close();
      await second.stop();
    });
    return { url: `http://127.0.0.1:${port}`, platform: second };
  }

  /** Versions of streams of pledges as they are stored now. */
  async versions(ids: readonly string[]): Promise<Map<string, number>> {
    const { rows } = await this.client.query<{ id: string; version: number }>(
      'SELECT id::text, version FROM pledges.streams WHERE id = ANY($1::uuid[])',
      [ids],
    );
    return new Map(rows.map(({ id, version }) => [id, version]));
  }

  /** What is stored, without waiting for anything. */
  async rows(): Promise<StoredRows> {
    return readRows(async <Row>(sql: string) => (await this.client.query(sql)).rows as Row[]);
  }

  async close(): Promise<void> {
    for (const stop of this.stops) await stop();
    await this.client.end();
    await this.concord.stop();
  }

  private async award(
    { needId, projectId, leadId }: Readonly<Record<'needId' | 'projectId' | 'leadId', string>>,
    lines: Parameters<typeof ProposalAccepted>[0]['lines'],
  ): Promise<void> {
    const accepted = ProposalAccepted({
      needId,
      ownerId: this.owner.id,
      leadId,
      partnerIds: [],
      projectId,
      title: 'Wells',
      hash: 'a'.repeat(64),
      meanScore: 8000,
      country: 'MW',
      sdgTargets: ['6.1'],
      lines,
    });
    await this.concord.publish('partnerships', uuidv7(), accepted);
    const final = NeedAwardFinalised({ organisationId: this.owner.id, proposalId: uuidv7(), leadId, projectId });
    await this.concord.publish('partnerships', needId, final);
  }
}
