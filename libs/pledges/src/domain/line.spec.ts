import { LineAmended, LineClosed, LineMinimumReached, LineOpened } from '@concord/contracts';
import { Refused, type DomainEvent } from '@concord/kernel';
import { fold, given } from '@concord/testing';
import fc from 'fast-check';
import {
  CapacityConfirmed,
  CapacityReleased,
  CapacityReserved,
  CommitmentChanged,
  DeliveryCounted,
  Line,
  amendLine,
  changeCommitment,
  changeReservation,
  closeLine,
  confirmCapacity,
  countDelivery,
  openCapacity,
  openLine,
  release,
  reserve,
  type LineState,
} from './line.js';

const need = '01890000-0000-7000-8000-000000000001';
const owner = '01890000-0000-7000-8000-000000000002';
const pledge = '01890000-0000-7000-8000-0000000000a1';
const published = { kind: 'funding', title: 'Lessons', unit: 'USD', target: 600, minimum: 450, recipient: 'lead' } as const;
const opened = LineOpened({ needId: need, ownerId: owner, ...published });
const reserved = (quantity: number) => CapacityReserved({ pledgeId: pledge, quantity });
const confirmed = (quantity: number) => CapacityConfirmed({ pledgeId: pledge, quantity });

describe('a line', () => {
  it('opens with its need', () => {
    given(Line, [])
      .when(() => openLine(need, owner, published))
      .then(opened);
  });

  it('gives what is open to the last unit (R3)', () => {
    const state = given(Line, [opened, reserved(500)])
      .when((line) => reserve(line, pledge, 100))
      .then(reserved(100));
    expect(openCapacity(state)).toBe(0);
  });

  it('refuses more than is open and says what is (R3)', () => {
    given(Line, [opened, reserved(500)])
      .when((line) => reserve(line, pledge, 101))
      .refused('line_full', { open: 100 });
  });

  it('lets a later, smaller offer in where a larger one did not fit', () => {
    given(Line, [opened, reserved(590)])
      .when((line) => reserve(line, pledge, 10))
      .then(reserved(10));
  });

  it('takes nothing when it is closed', () => {
    given(Line, [opened, LineClosed({ needId: need, reason: 'need_closed' })])
      .when((line) => reserve(line, pledge, 1))
      .refused('wrong_state');
  });

  it('frees what an amended offer no longer holds, and takes what it holds more', () => {
    given(Line, [opened, reserved(300)])
      .when((line) => changeReservation(line, pledge, -20))
      .then(CapacityReleased({ pledgeId: pledge, quantity: 20 }));
    given(Line, [opened, reserved(300)])
      .when((line) => changeReservation(line, pledge, 301))
      .refused('line_full', { open: 300 });
  });

  it('says once that its minimum is reached (R33)', () => {
    given(Line, [opened, reserved(500)])
      .when((line) => confirmCapacity(line, pledge, 450))
      .then(confirmed(450), LineMinimumReached({ needId: need, confirmed: 450 }));
    given(Line, [opened, reserved(500), confirmed(450), LineMinimumReached({ needId: need, confirmed: 450 })])
      .when((line) => confirmCapacity(line, pledge, 50))
      .then(confirmed(50));
  });

  it('raises a commitment only into open capacity', () => {
    given(Line, [opened, reserved(500), confirmed(500)])
      .when((line) => changeCommitment(line, pledge, 101))
      .refused('line_full', { open: 100 });
    given(Line, [opened, reserved(500), confirmed(500)])
      .when((line) => changeCommitment(line, pledge, -40))
      .then(CommitmentChanged({ pledgeId: pledge, change: -40 }), LineMinimumReached({ needId: need, confirmed: 460 }));
  });

  it('counts deliveries and takes them back', () => {
    given(Line, [opened, reserved(9), confirmed(9)])
      .when((line) => countDelivery(line, pledge, 9))
      .then(DeliveryCounted({ pledgeId: pledge, change: 9 }));
  });

  it('keeps its target at what is taken until that is freed', () => {
    const state = given(Line, [opened, reserved(300)])
      .when((line) => amendLine(line, { ...published, target: 200, minimum: undefined }))
      .then(LineAmended({ needId: need, title: 'Lessons', target: 300, recipient: 'lead', asked: 200 }));
    const after = Line.evolve(state, release(state, pledge, 300), { at: '2026-01-01T00:00:00.000Z' });
    expect(after.target).toBe(200);
    expect(after.asked).toBeUndefined();
  });

  it('leaves a line alone that an amended need does not change', () => {
    given(Line, [opened])
      .when((line) => amendLine(line, published))
      .then();
  });

  it('closes once', () => {
    given(Line, [opened])
      .when((line) => closeLine(line, 'need_expired'))
      .then(LineClosed({ needId: need, reason: 'need_expired' }));
    given(Line, [opened, LineClosed({ needId: need, reason: 'need_expired' })])
      .when((line) => closeLine(line, 'need_closed'))
      .then();
  });

  // Conservation: what the line says is reserved and confirmed is the sum over its pledges, whatever order things come in.
  it('never holds more than its target, and holds what its pledges hold', () => {
    const step = fc.record({
      pledge: fc.integer({ min: 0, max: 4 }),
      action: fc.constantFrom('reserve', 'release', 'confirm', 'change', 'target', 'close'),
      amount: fc.integer({ min: 1, max: 300 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const past: DomainEvent[] = [opened];
        let line: LineState = fold(Line, past);
        const held = new Map<number, { reserved: number; confirmed: number }>();
        for (const { pledge: who, action, amount } of steps) {
          const own = held.get(who) ?? { reserved: 0, confirmed: 0 };
          const next = { ...own };
          try {
            const events = decide(line, action, amount, own, next);
            for (const event of events) line = Line.evolve(line, event, { at: '2026-01-01T00:00:00.000Z' });
            past.push(...events);
            held.set(who, next);
          } catch (error) {
            if (!(error instanceof Refused)) throw error;
          }
          const sums = [...held.values()];
          expect(line.reserved).toBe(sums.reduce((sum, { reserved: one }) => sum + one, 0));
          expect(line.confirmed).toBe(sums.reduce((sum, { confirmed: one }) => sum + one, 0));
          expect(line.reserved + line.confirmed).toBeLessThanOrEqual(line.target);
        }
        expect(fold(Line, past)).toEqual(line);
        expect(past.filter(({ kind }) => kind === 'LineMinimumReached').length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 50 },
    );
  });
});

function decide(
  line: LineState,
  action: string,
  amount: number,
  own: { reserved: number; confirmed: number },
  next: { reserved: number; confirmed: number },
): DomainEvent[] {
  switch (action) {
    case 'reserve': {
      const event = reserve(line, pledge, amount);
      next.reserved += amount;
      return [event];
    }
    case 'release': {
      if (own.reserved === 0) return [];
      next.reserved = 0;
      return [release(line, pledge, own.reserved)];
    }
    case 'confirm': {
      if (own.reserved === 0) return [];
      const events = confirmCapacity(line, pledge, own.reserved);
      next.confirmed += own.reserved;
      next.reserved = 0;
      return events;
    }
    case 'change': {
      const change = amount % 2 === 0 ? amount : -Math.min(amount, own.confirmed);
      const events = changeCommitment(line, pledge, change);
      next.confirmed += change;
      return events;
    }
    case 'target':
      return amendLine(line, { ...published, target: amount * 4 });
    default:
      return amount < 20 ? closeLine(line, 'need_closed') : [];
  }
}
