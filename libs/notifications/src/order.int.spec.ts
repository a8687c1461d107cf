import * as contracts from '@concord/contracts';
import type { DomainEvent, EventDefinition } from '@concord/kernel';
import { uuidv7, type PublicEvent } from '@concord/platform';
import { HandBus, startConcord, type TestConcord } from '@concord/testing';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { notifications } from './notifications.service.js';

// Events of one object arrive in order, those of different objects in any: who hears of what must not depend on it.

const RUNS = 25;
/** One thing of the story: where it happened, to what, and at which second. */
interface Happening {
  readonly context: string;
  readonly stream: string;
  readonly second: number;
  readonly event: DomainEvent;
}

/** The golden payload of a kind, with some members changed. */
function golden(context: string, definition: EventDefinition, change: Record<string, unknown>): DomainEvent {
  const file = new URL(`../../contracts/history/${context}/${definition.kind}.v${definition.version}.json`, import.meta.url);
  return definition({ ...(JSON.parse(readFileSync(file, 'utf8')) as object), ...change });
}

/** A need with a reviewer who goes, a pledger who withdraws and a proposal that is declined; all ids are new. */
function story() {
  const names = ['owner', 'funder', 'lead', 'olga', 'fumi', 'lin', 'rahel', 'need', 'intake', 'pledge', 'proposal'] as const;
  const id = Object.fromEntries(names.map((name) => [name, uuidv7()])) as Record<(typeof names)[number], string>;
  const of = (context: string, stream: string, second: number, definition: EventDefinition, change: Record<string, unknown>) => ({
    context,
    stream,
    second,
    event: golden(context, definition, change),
  });
  const editor = (personId: string) => ({ personId, roles: ['editor'] });
  const { needId, organisationId } = { needId: id.need, organisationId: id.owner };
  const own = { needId, organisationId };
  const pledged = { needId, organisationId: id.funder, ownerId: id.owner, kind: 'funding', recipientId: id.lead };
  const happenings: Happening[] = [
    of('directory', id.owner, 1, contracts.MembershipGranted, editor(id.olga)),
    of('directory', id.funder, 2, contracts.MembershipGranted, editor(id.fumi)),
    of('directory', id.lead, 3, contracts.MembershipGranted, editor(id.lin)),
    of('partnerships', id.need, 4, contracts.NeedPublished, { organisationId, endorserIds: [] }),
    of('pledges', id.pledge, 5, contracts.PledgeMade, pledged),
    of('partnerships', id.need, 6, contracts.NeedAmended, { organisationId }),
    of('partnerships', id.proposal, 7, contracts.ProposalSubmitted, { needId, ownerId: id.owner, leadId: id.lead, partnerIds: [] }),
    of('partnerships', id.intake, 8, contracts.NeedReviewerAppointed, { ...own, personId: id.rahel }),
    of('partnerships', id.proposal, 9, contracts.ProposalReviewStarted, {
      needId,
      ownerId: id.owner,
      leadId: id.lead,
      partnerIds: [],
    }),
    of('partnerships', id.need, 10, contracts.NeedExtended, { organisationId }),
    of('partnerships', id.intake, 11, contracts.NeedReviewerDismissed, { ...own, personId: id.rahel }),
    of('pledges', id.pledge, 12, contracts.PledgeWithdrawn, pledged),
    of('partnerships', id.proposal, 13, contracts.ProposalDeclined, { needId, ownerId: id.owner, leadId: id.lead, partnerIds: [] }),
    of('partnerships', id.need, 14, contracts.NeedWithdrawn, { organisationId, endorserIds: [] }),
  ];
  return { id, happenings };
}

/** Streams, each with its events in order, as a listener gets them. */
function lanesOf(happenings: readonly Happening[]): PublicEvent[][] {
  const lanes = new Map<string, PublicEvent[]>();
  for (const { context, stream, second, event } of happenings) {
    const lane = lanes.get(stream) ?? [];
    const sequence = lane.length + 1;
    const type = `concord.${context}.${event.kind}`;
    lane.push({
      specversion: '1.0',
      id: `${stream}/${sequence}`,
      source: `/concord/${context}`,
      type,
      subject: stream,
      time: new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString(),
      datacontenttype: 'application/json',
      dataschema: `concord:/schemas/${type}/1`,
      sequence,
      previous: sequence - 1,
      correlationid: 'spec',
      data: event.data,
    });
    lanes.set(stream, lane);
  }
  return [...lanes.values()];
}

describe('whom an event reaches', () => {
  const bus = new HandBus();
  let concord: TestConcord;

  beforeAll(async () => {
    concord = await startConcord({ services: [notifications], bus: () => bus });
  });
  afterEach(() => expect(concord.faults.splice(0)).toEqual([]));
  afterAll(() => concord.stop());

  const hand = (event: PublicEvent) =>
    bus.subscriptions
      .find(({ group, from }) => group === 'notifications' && event.source === `/concord/${from}`)!
      .handle([structuredClone(event)]);

  /** Who has heard of what, in the story's names. */
  async function heard(id: Readonly<Record<string, string>>): Promise<string[]> {
    const name = new Map(Object.entries(id).map(([key, value]) => [value, key]));
    const rows = await concord.platform
      .context('notifications')
      .database.query<{ person: string; type: string }>(
        `SELECT stream::text AS person, data->'item'->>'type' AS type FROM events WHERE kind = 'ItemAdded' AND stream = ANY ($1::uuid[])`,
        [Object.values(id)],
      );
    return rows.map(({ person, type }) => `${name.get(person)} ${type.split('.').at(-1)}`).sort();
  }

  /** As it happened: everything before the next. */
  async function inOrder(): Promise<string[]> {
    const { id, happenings } = story();
    const events = lanesOf(happenings).flat();
    for (const event of events.sort((a, b) => a.time.localeCompare(b.time))) await hand(event);
    return heard(id);
  }

  it('is the same in whatever order different objects are heard of', async () => {
    const expected = await inOrder();
    expect(expected).toEqual(
      expect.arrayContaining(['fumi NeedAmended', 'rahel ProposalReviewStarted', 'fumi NeedExtended', 'lin NeedExtended']),
    );
    expect(expected).toEqual(expect.not.arrayContaining(['fumi NeedWithdrawn', 'lin NeedWithdrawn']));
    // Who ceased to be concerned is told all the same where that became known too late.
    const extra = ['fumi NeedWithdrawn', 'lin NeedWithdrawn'];
    const lanes = lanesOf(story().happenings);
    const turns = lanes.flatMap((lane, at) => lane.map(() => at));
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(turns, { minLength: turns.length }), fc.boolean(), async (order, together) => {
        const { id, happenings } = story();
        const lanes = lanesOf(happenings);
        if (together) {
          await Promise.all(
            lanes.map(async (lane) => {
              for (const event of lane) await hand(event);
            }),
          );
        } else for (const at of order) await hand(lanes[at]!.shift()!);
        const reached = await heard(id);
        expect(reached.filter((one) => !extra.includes(one))).toEqual(expected);
        expect(new Set(reached).size).toBe(reached.length);
      }),
      { numRuns: RUNS },
    );
  }, 120_000);
});
