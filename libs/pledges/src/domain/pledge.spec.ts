import {
  CommitmentRevised,
  InstalmentDue,
  InstalmentsScheduled,
  PledgeAccepted,
  PledgeConfirmed,
  PledgeDelivered,
  PledgeLapsed,
  PledgeMade,
} from '@concord/contracts';
import { Refused, daysAfter, type DomainEvent } from '@concord/kernel';
import { SPEC_META, fold, given, type Past } from '@concord/testing';
import fc from 'fast-check';
import { Award, AwardFinalised, AwardMade, AwardOpened } from './award.js';
import { confirmPledge, lapseCancelled, lapseRemainder, reviseCommitment } from './commitment.js';
import { countAccepted, expectDelivery, forgetDelivery, uncountDelivery } from './fulfilment.js';
import { byPlan, fallDue, followPlan, respread } from './instalments.js';
import {
  Pledge,
  PledgeApprovalGiven,
  PledgeDeliveryReversed,
  RecordedQuantityChanged,
  openQuantity,
  type PledgeState,
} from './pledge.js';

const id = (n: number): string => `01890000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const [need, owner, lineId, funder, lead, project] = [id(1), id(2), id(3), id(4), id(5), id(6)];
const delivery = id(40);
const milestones = [20, 30, 30, 20].map((share, index) => ({ milestoneId: id(50 + index), share }));
const reason = { code: 'agreed', text: 'Agreed by both.' };
const { at } = SPEC_META;
const place = { needId: need, lineId, organisationId: funder };
const hash = 'a'.repeat(64);

const terms = { instrument: 'grant' as const, earmarking: 3, schedule: { type: 'by_milestone' as const } };
const made = PledgeMade({
  ...place,
  ownerId: owner,
  recipient: 'lead',
  kind: 'funding',
  unit: 'USD',
  quantity: 300_000,
  counted: 300_000,
  terms,
  version: 1,
  hash,
  validUntil: daysAfter(at, 90),
});
const expertise = PledgeMade({
  ...made.data,
  kind: 'expertise',
  unit: 'hour',
  quantity: 200,
  counted: 200,
  terms: {
    skill: 'Teaching',
    role: 'Trainer',
    languages: ['en'],
    remote: true,
    from: '2026-01-01',
    until: '2026-06-01',
    aidType: 'D02',
  },
});
const accepted = PledgeAccepted({ ...place, recipientId: lead, hash });
const confirmed = PledgeConfirmed({
  ...place,
  projectId: project,
  recipientId: lead,
  kind: 'funding',
  unit: 'USD',
  quantity: 300_000,
  counted: 300_000,
  hash,
});
const hoursConfirmed = PledgeConfirmed({ ...confirmed.data, kind: 'expertise', unit: 'hour', quantity: 200, counted: 200 });
const awarded = [
  AwardOpened({ ownerId: owner, lineIds: [lineId] }),
  AwardMade({ ownerId: owner, leadId: lead, projectId: project }),
];
const final = fold(Award, [...awarded, AwardFinalised({ leadId: lead, projectId: project })]);
const scheduled = (quantities: readonly number[], due: readonly number[] = []) =>
  InstalmentsScheduled({
    ...place,
    projectId: project,
    unit: 'USD',
    instalments: quantities.map((quantity, index) => ({ milestoneId: id(50 + index), quantity, due: due.includes(index) })),
  });
const due = (index: number, quantity: number) =>
  InstalmentDue({ ...place, projectId: project, milestoneId: id(50 + index), unit: 'USD', quantity });

describe('confirming', () => {
  const confirm = (state: PledgeState, more: object = {}) =>
    confirmPledge(state, { hash, person: 'a', at, award: final, released: [], ...more });

  it('needs a final award, an accepted current version, and its time (R9, R26, R11)', () => {
    const then = (past: readonly Past[], more: object, code: string) =>
      given(Pledge, past)
        .when((state) => confirm(state, more).events)
        .refused(code);
    then([made, accepted], { award: fold(Award, awarded) }, 'not_final');
    then([made], {}, 'not_accepted');
    then([made, accepted], { hash: 'b'.repeat(64) }, 'stale_version');
    then([made, accepted], { at: daysAfter(at, 90) }, 'offer_expired');
    then([made, accepted, confirmed], {}, 'wrong_state');
  });

  it('of money takes two approvers (R23)', () => {
    const first = PledgeApprovalGiven({ of: `confirm:${hash}` });
    given(Pledge, [made, accepted])
      .when((state) => confirm(state).events)
      .then(first);
    given(Pledge, [made, accepted, [first, { person: 'a' }]])
      .when((state) => confirm(state).events)
      .refused('same_person');
    given(Pledge, [made, accepted, [first, { person: 'b' }]])
      .when((state) => confirm(state).events)
      .then(confirmed);
  });

  it('of anything else takes one, and goes to the owner where the line says so', () => {
    const goods = PledgeMade({
      ...expertise.data,
      kind: 'in_kind',
      unit: 'item',
      recipient: 'owner',
      terms: { item: 'Tablet', valuation: 'not_valued' },
    });
    const { taken, events } = confirm(fold(Pledge, [goods, accepted]));
    expect(taken).toBe(true);
    expect(events).toMatchObject([{ kind: 'PledgeConfirmed', data: { recipientId: owner, projectId: project } }]);
  });

  it('schedules by the shares of the plan, and what is released is due at once', () => {
    const waiting = fold(Pledge, [made, accepted, [PledgeApprovalGiven({ of: `confirm:${hash}` }), { person: 'b' }]]);
    const { events } = confirm(waiting, { plan: milestones, released: [id(50)] });
    expect(events).toEqual([confirmed, scheduled([60_000, 90_000, 90_000, 60_000]), due(0, 60_000)]);
  });
});

describe('instalments', () => {
  const live = [made, accepted, confirmed];

  it('sum to the whole by largest remainders (R5)', () => {
    expect(byPlan(12_500, [], milestones).map(({ quantity }) => quantity)).toEqual([2_500, 3_750, 3_750, 2_500]);
    expect(byPlan(101, [], milestones).map(({ quantity }) => quantity)).toEqual([20, 31, 30, 20]);
  });

  it('follow a plan that was agreed after the confirmation, and a new one without touching what is due', () => {
    given(Pledge, live)
      .when((state) => followPlan(state, milestones, []))
      .then(scheduled([60_000, 90_000, 90_000, 60_000]));
    const past = [...live, scheduled([60_000, 90_000, 90_000, 60_000]), due(0, 60_000)];
    const plan = [milestones[0]!, { milestoneId: id(51), share: 40 }, { milestoneId: id(52), share: 40 }];
    const { instalments = [] } = given(Pledge, past)
      .when((state) => followPlan(state, plan, [id(50)]))
      .then(scheduled([60_000, 120_000, 120_000], [0]));
    expect(instalments.map((one) => one.due)).toEqual([true, false, false]);
  });

  it('fall due with a release, once', () => {
    const past = [...live, scheduled([60_000, 90_000, 90_000, 60_000])];
    given(Pledge, past)
      .when((state) => fallDue(state, [id(51)], ''))
      .then(due(1, 90_000));
    given(Pledge, [...past, due(1, 90_000)])
      .when((state) => fallDue(state, [id(51)], ''))
      .then();
  });

  it('fall due on their day', () => {
    const instalments = [
      { dueOn: '2026-02-01', quantity: 100_000, due: false },
      { dueOn: '2026-03-01', quantity: 200_000, due: false },
    ];
    const past = [...live, InstalmentsScheduled({ ...place, projectId: project, unit: 'USD', instalments })];
    given(Pledge, past)
      .when((state) => fallDue(state, [], '2026-02-01'))
      .then(InstalmentDue({ ...place, projectId: project, dueOn: '2026-02-01', unit: 'USD', quantity: 100_000 }));
  });

  it('always sum to the commitment, whatever is due', () => {
    const instalment = fc.record({
      milestoneId: fc.constantFrom(...milestones.map((one) => one.milestoneId)),
      quantity: fc.integer({ min: 1, max: 1e6 }),
      due: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), fc.array(instalment, { minLength: 1, maxLength: 6 }), (whole, current) => {
        for (const parts of [respread(whole, current), byPlan(whole, current, milestones)]) {
          expect(parts.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(whole);
          expect(parts.every(({ quantity }) => quantity > 0)).toBe(true);
        }
      }),
    );
  });
});

describe('a commitment', () => {
  const live: Past[] = [expertise, accepted, hoursConfirmed];
  const pledger = { person: 'a', organisation: funder };
  const recipient = { person: 'b', organisation: lead };
  const steward = { person: 'c', organisation: owner };
  const part = (quantity: number): Past[] => [
    RecordedQuantityChanged({ deliveryId: delivery, change: quantity }),
    ...countAccepted(fold(Pledge, [...live, RecordedQuantityChanged({ deliveryId: delivery, change: quantity })]), {
      deliveryId: delivery,
      quantity,
      accepted: quantity,
      lineUnit: 'hour',
    }).events,
  ];

  it('changes when both sides say the same (R10)', () => {
    const revise = (state: PledgeState, actor: typeof pledger, quantity = 150) =>
      reviseCommitment(state, { quantity, reason, actor, lineUnit: 'hour' });
    const approval = PledgeApprovalGiven({ of: 'revise-commitment:150' });
    given(Pledge, live)
      .when((state) => revise(state, pledger).events)
      .then(approval);
    const waiting: Past[] = [...live, [approval, pledger]];
    given(Pledge, waiting)
      .when((state) => revise(state, { ...pledger, person: 'z' }).events)
      .refused('waiting_for_other_side');
    given(Pledge, waiting)
      .when((state) => revise(state, { ...recipient, person: 'a' }).events)
      .refused('same_person');
    given(Pledge, waiting)
      .when((state) => revise(state, recipient, 160).events)
      .then(PledgeApprovalGiven({ of: 'revise-commitment:160' }));
    const done = revise(fold(Pledge, waiting), recipient);
    expect(done).toMatchObject({ taken: true, countedChange: -50 });
    expect(done.events).toMatchObject([{ kind: CommitmentRevised.kind, data: { quantity: 150, quantityChange: -50 } }]);
    expect(fold(Pledge, [...waiting, ...done.events])).toMatchObject({ committed: 150, everConfirmed: 200, status: 'confirmed' });
  });

  it('is not revised below what is delivered or recorded', () => {
    given(Pledge, [...live, ...part(140), RecordedQuantityChanged({ deliveryId: delivery, change: 10 })])
      .when((state) => reviseCommitment(state, { quantity: 149, reason, actor: pledger, lineUnit: 'hour' }).events)
      .refused('below_delivered', { floor: 150 });
  });

  it('lapses in its rest when pledger and steward agree', () => {
    const past = [...live, ...part(140)];
    const lapse = (state: PledgeState, actor: typeof pledger) => lapseRemainder(state, { reason, actor, lineUnit: 'hour' });
    const approval = lapse(fold(Pledge, past), steward).events;
    expect(approval).toEqual([PledgeApprovalGiven({ of: 'lapse-remainder:60' })]);
    const state = given(Pledge, [...past, [approval[0]!, steward]])
      .when((current) => lapse(current, pledger).events)
      .then(
        PledgeLapsed({
          ...place,
          projectId: project,
          kind: 'expertise',
          unit: 'hour',
          quantity: 60,
          counted: 60,
          cause: 'remainder',
          reason,
        }),
      );
    expect(state).toMatchObject({ status: 'lapsed', committed: 140, delivered: 140, lapsed: 60, everConfirmed: 200 });
    given(Pledge, [...past, RecordedQuantityChanged({ deliveryId: delivery, change: 5 })])
      .when((current) => lapse(current, pledger).events)
      .refused('delivery_open');
  });

  it('lapses with its project once nothing recorded waits', () => {
    expect(lapseCancelled(fold(Pledge, [...live, ...part(40)]), reason, 'hour')).toMatchObject({
      taken: true,
      countedChange: -160,
    });
    const waiting = fold(Pledge, [...live, RecordedQuantityChanged({ deliveryId: delivery, change: 5 })]);
    expect(lapseCancelled(waiting, reason, 'hour').taken).toBe(false);
  });
});

describe('delivering', () => {
  const live = [made, accepted, confirmed, scheduled([60_000, 90_000, 90_000, 60_000])];

  it('of by-milestone money waits for its release (R13)', () => {
    given(Pledge, live)
      .when((state) => expectDelivery(state, delivery, { quantity: 1 }))
      .refused('not_released', { due: 0 });
    given(Pledge, [...live, due(0, 60_000)])
      .when((state) => expectDelivery(state, delivery, { quantity: 60_001 }))
      .refused('not_released', { due: 60_000 });
    given(Pledge, [...live, due(0, 60_000)])
      .when((state) => expectDelivery(state, delivery, { quantity: 60_000 }))
      .then(RecordedQuantityChanged({ deliveryId: delivery, change: 60_000 }));
  });

  it('never exceeds the commitment, and not before it is one', () => {
    given(Pledge, [expertise, accepted, hoursConfirmed])
      .when((state) => expectDelivery(state, delivery, { quantity: 201 }))
      .refused('exceeds_commitment', { open: 200 });
    given(Pledge, [expertise, accepted])
      .when((state) => expectDelivery(state, delivery, { quantity: 1 }))
      .refused('wrong_state');
  });

  it('logs at most 24 hours a person and day, over all its deliveries (R16)', () => {
    const row = (hours: number, day = '2025-12-01') => ({ pseudonym: 'L-07', day, hours, work: 'Training' });
    const past: Past[] = [expertise, accepted, hoursConfirmed];
    const first = expectDelivery(fold(Pledge, past), delivery, { quantity: 20, log: [row(20)] });
    given(Pledge, [...past, first])
      .when((state) => expectDelivery(state, id(41), { quantity: 5, log: [row(5)] }))
      .refused('too_many_hours', { hours: 25 });
    const full = expectDelivery(fold(Pledge, [...past, first]), id(41), { quantity: 28, log: [row(4), row(24, '2025-12-02')] });
    expect(Object.values(fold(Pledge, [...past, first, full]).hours ?? {})).toEqual([24, 24]);
    const voided = forgetDelivery(fold(Pledge, [...past, first]), delivery, { quantity: 20, log: [row(20)] });
    const state = fold(Pledge, [...past, first, voided]);
    expect(state.hours).toEqual({});
    expect(state.recorded).toBe(0);
    expect(JSON.stringify(first)).not.toContain('L-07');
  });

  it('counts only what was accepted (R12), and is complete with the last of it', () => {
    const past: Past[] = [expertise, accepted, hoursConfirmed, RecordedQuantityChanged({ deliveryId: delivery, change: 90 })];
    const { events, counted, complete } = countAccepted(fold(Pledge, past), {
      deliveryId: delivery,
      quantity: 90,
      accepted: 88,
      lineUnit: 'hour',
    });
    expect({ counted, complete }).toEqual({ counted: 88, complete: false });
    expect(fold(Pledge, [...past, ...events])).toMatchObject({ status: 'partly_delivered', delivered: 88, recorded: 0 });
    const none = countAccepted(fold(Pledge, past), { deliveryId: delivery, quantity: 90, accepted: 0, lineUnit: 'hour' });
    expect(none.events).toEqual([RecordedQuantityChanged({ deliveryId: delivery, change: -90 })]);
  });

  it('of another currency counts as differences of wholes, so that parts never drift (R4)', () => {
    const euros = PledgeMade({
      ...made.data,
      unit: 'EUR',
      quantity: 100,
      counted: 33,
      terms: {
        ...terms,
        schedule: { type: 'by_date', instalments: [{ dueOn: '2026-01-01', quantity: 100 }] },
        exchange: { rate: '0.3333', rateDate: '2025-12-31', source: 'ECB' },
      },
    });
    let state = fold(Pledge, [euros, accepted, PledgeConfirmed({ ...confirmed.data, unit: 'EUR', quantity: 100, counted: 33 })]);
    for (let n = 0; n < 100; n += 1) {
      const recorded = expectDelivery(state, delivery, { quantity: 1 });
      state = Pledge.evolve(state, recorded, SPEC_META);
      for (const event of countAccepted(state, { deliveryId: delivery, quantity: 1, accepted: 1, lineUnit: 'USD' }).events)
        state = Pledge.evolve(state, event, SPEC_META);
    }
    expect(state).toMatchObject({ status: 'delivered', delivered: 100, deliveredCounted: 33 });
  });

  it('is undone as it was counted; on a lapsed commitment the undone part lapses too (R2)', () => {
    const delivered = PledgeDelivered({
      ...place,
      deliveryId: delivery,
      projectId: project,
      recipientId: lead,
      kind: 'expertise',
      unit: 'hour',
      quantity: 140,
      counted: 140,
      complete: false,
    });
    const facts = {
      deliveryId: delivery,
      ...place,
      projectId: project,
      kind: 'expertise',
      unit: 'hour',
      quantity: 140,
      counted: 140,
    } as const;
    const past: Past[] = [
      expertise,
      accepted,
      hoursConfirmed,
      RecordedQuantityChanged({ deliveryId: delivery, change: 140 }),
      RecordedQuantityChanged({ deliveryId: delivery, change: -140 }),
      delivered,
    ];
    const undo = (state: PledgeState) => uncountDelivery(state, { deliveryId: delivery, quantity: 140, lineUnit: 'hour' }).event;
    expect(
      given(Pledge, past)
        .when(undo)
        .then(PledgeDeliveryReversed({ ...facts, lapsed: false })),
    ).toMatchObject({ status: 'confirmed', delivered: 0, committed: 200 });
    const lapsed = PledgeLapsed({
      ...place,
      projectId: project,
      kind: 'expertise',
      unit: 'hour',
      quantity: 60,
      counted: 60,
      cause: 'remainder',
      reason,
    });
    expect(
      given(Pledge, [...past, lapsed])
        .when(undo)
        .then(PledgeDeliveryReversed({ ...facts, lapsed: true })),
    ).toMatchObject({ status: 'lapsed', delivered: 0, committed: 0, lapsed: 200 });
  });
});

// I5: delivered + recorded + open = committed, delivered + lapsed + open + recorded = ever confirmed at least, whatever happens.
describe('any course of a commitment', () => {
  const step = fc.record({
    action: fc.constantFrom('record', 'accept', 'void', 'reverse', 'revise', 'lapse'),
    amount: fc.integer({ min: 1, max: 120 }),
  });

  it('keeps its sums, and folds the same from JSON', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const past: DomainEvent[] = [expertise, accepted, hoursConfirmed];
        let state = fold(Pledge, past);
        for (const { action, amount } of steps) {
          const events = attempt(() => take(state, action, amount));
          for (const event of events) state = Pledge.evolve(state, event, SPEC_META);
          past.push(...events);
          expect(openQuantity(state)).toBeGreaterThanOrEqual(0);
          expect(state.delivered).toBeGreaterThanOrEqual(0);
          expect(state.recorded).toBeGreaterThanOrEqual(0);
          expect(state.committed + state.lapsed).toBeLessThanOrEqual(state.everConfirmed);
          expect(state.deliveredCounted).toBe(state.delivered);
          if (state.status === 'delivered' || state.status === 'lapsed') expect(state.committed).toBe(state.delivered);
        }
        expect(fold(Pledge, past)).toEqual(state);
      }),
      { numRuns: 50 },
    );
  });
});

function attempt(decide: () => readonly DomainEvent[]): readonly DomainEvent[] {
  try {
    return decide();
  } catch (error) {
    if (error instanceof Refused) return [];
    throw error;
  }
}

function take(state: PledgeState, action: string, amount: number): readonly DomainEvent[] {
  const facts = { deliveryId: delivery, lineUnit: 'hour' };
  switch (action) {
    case 'record':
      return [expectDelivery(state, delivery, { quantity: amount })];
    case 'accept':
      return state.recorded === 0
        ? []
        : countAccepted(state, { ...facts, quantity: state.recorded, accepted: Math.min(amount, state.recorded) }).events;
    case 'void':
      return state.recorded === 0 ? [] : [forgetDelivery(state, delivery, { quantity: state.recorded })];
    case 'reverse':
      return state.delivered === 0 ? [] : [uncountDelivery(state, { ...facts, quantity: Math.min(amount, state.delivered) }).event];
    case 'revise': {
      const waiting = Pledge.evolve(state, PledgeApprovalGiven({ of: `revise-commitment:${amount}` }), {
        at,
        person: 'a',
        organisation: funder,
      });
      return reviseCommitment(waiting, { quantity: amount, reason, actor: { person: 'b', organisation: lead }, lineUnit: 'hour' })
        .events;
    }
    default: {
      const waiting = Pledge.evolve(state, PledgeApprovalGiven({ of: `lapse-remainder:${openQuantity(state)}` }), {
        at,
        person: 'a',
        organisation: funder,
      });
      return lapseRemainder(waiting, { reason, actor: { person: 'b', organisation: owner }, lineUnit: 'hour' }).events;
    }
  }
}
