import { defineAggregate, defineEvent, Reason, type DomainEvent } from '@concord/kernel';
import { startConcord, type TestConcord } from '@concord/testing';
import { z } from 'zod';
import { uuidv7 } from '../clock.js';
import { defineService } from '../service/definitions.js';

const CardMoved = defineEvent('CardMoved', z.strictObject({ to: z.string(), reason: Reason.optional() }));
const CardHidden = defineEvent('CardHidden', z.strictObject({ reason: Reason }));
const CardMarked = defineEvent('CardMarked', z.strictObject({ reason: Reason }));
const CardShown = defineEvent('CardShown', z.strictObject({ reason: Reason }));
const Card = defineAggregate<{ n: number }, readonly [typeof CardMoved, typeof CardHidden, typeof CardMarked]>({
  kind: 'card',
  initial: { n: 0 },
  events: [CardMoved, CardHidden, CardMarked],
  evolve: {
    CardMoved: ({ n }) => ({ n: n + 1 }),
    CardHidden: ({ n }) => ({ n: n + 1 }),
    CardMarked: ({ n }) => ({ n: n + 1 }),
  },
});

/** Moves are public as they are, marks under another name, hiding is not. */
const cards = defineService({
  name: 'cards',
  resources: [],
  aggregates: [Card],
  commands: [],
  queries: [],
  reactions: [],
  projections: [],
  schedules: [],
  migrations: [],
  published: (event: DomainEvent) =>
    event.kind === 'CardHidden' ? undefined : event.kind === 'CardMarked' ? CardShown(event.data as never) : event,
  publishes: [CardMoved, CardShown],
});

const reason = (text: string): Reason => ({ code: 'tidy', text });

let concord: TestConcord;
beforeAll(async () => {
  concord = await startConcord({ services: [cards] });
});
afterAll(() => concord.stop());

describe('the public decision log', () => {
  it('lists every public step that gave a reason, newest first, and no other', async () => {
    const context = concord.platform.context('cards');
    const [id, organisation] = [uuidv7(), uuidv7()];
    await context.executor.execute({
      trace: { correlation: 'c', person: uuidv7(), organisation },
      reads: [],
      decide: ({ append }) =>
        append(
          Card,
          id,
          CardMoved({ to: 'a', reason: reason('one') }),
          CardMoved({ to: 'b' }),
          CardHidden({ reason: reason('secret') }),
          CardMarked({ reason: reason('two') }),
          CardMoved({ to: 'c', reason: reason('three') }),
        ),
    });
    const anyone = concord.anonymous();
    const { body } = await anyone.get('/decisions/cards');
    expect(body.next).toBeUndefined();
    expect(body.items).toEqual([
      { stream: id, version: 5, kind: 'CardMoved', at: expect.any(String), organisation, reason: reason('three') },
      { stream: id, version: 4, kind: 'CardShown', at: expect.any(String), organisation, reason: reason('two') },
      { stream: id, version: 1, kind: 'CardMoved', at: expect.any(String), organisation, reason: reason('one') },
    ]);
    const seen: number[] = [];
    for (let path: string | undefined = '/decisions/cards?limit=1'; path;) {
      const page: Awaited<ReturnType<typeof anyone.get>> = await anyone.get(path);
      seen.push(...page.body.items.map(({ version }: { version: number }) => version));
      path = page.body.next && `/decisions/cards?limit=1&cursor=${page.body.next}`;
    }
    expect(seen).toEqual([5, 4, 1]);
    expect((await anyone.get('/decisions/cards?cursor=abc')).body.code).toBe('invalid_cursor');
  });
});
