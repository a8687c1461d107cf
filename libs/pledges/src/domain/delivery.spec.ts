import {
  DeliveryAcknowledged,
  DeliveryDisputed,
  DeliveryRecorded,
  DeliveryVoided,
  type DeliveryEvidence,
} from '@concord/contracts';
import { Refused, type DomainEvent } from '@concord/kernel';
import { SPEC_META, fold, given } from '@concord/testing';
import fc from 'fast-check';
import {
  Delivery,
  DeliveryDetailed,
  DeliveryReversalApproved,
  acknowledgeDelivery,
  agreeReversal,
  correctDelivery,
  disputeDelivery,
  recordDelivery,
  reverseDelivery,
  voidDelivery,
  type DeliveryState,
} from './delivery.js';
import { Pledge, type PledgeState } from './pledge.js';

const id = (n: number): string => `01890000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const [need, lineId, owner, pledger, recipient, project, pledgeId, deliveryId] = [1, 2, 3, 4, 5, 6, 7, 8].map(id) as [
  string,
  string,
  string,
  string,
  string,
  string,
  string,
  string,
];
const { at } = SPEC_META;
const sha256 = 'a'.repeat(64);
const reason = { code: 'cracked', text: 'Two screens are cracked.' };

const commitment = (kind: 'in_kind' | 'data', quantity: number, more: Partial<PledgeState> = {}): PledgeState => ({
  ...Pledge.initial,
  needId: need,
  lineId,
  ownerId: owner,
  organisationId: pledger,
  recipientId: recipient,
  projectId: project,
  kind,
  unit: kind === 'data' ? 'dataset' : 'item',
  quantity,
  counted: quantity,
  committed: quantity,
  status: 'confirmed',
  terms:
    kind === 'data'
      ? { title: 'Pupils', format: 'CSV', licence: 'CC-BY-4.0', records: 1240, personalData: 'none', sha256 }
      : { item: 'Tablet', valuation: 'not_valued' },
  ...more,
});
const goods = (items: number): DeliveryEvidence => ({ kind: 'in_kind', items, deliveredOn: '2026-01-01' });
const facts = {
  pledgeId,
  needId: need,
  lineId,
  projectId: project,
  ownerId: owner,
  organisationId: pledger,
  recipientId: recipient,
};
const recorded = DeliveryRecorded({ ...facts, kind: 'in_kind', unit: 'item', quantity: 90 });
const detailed = DeliveryDetailed({ evidence: goods(90) });
const waiting = commitment('in_kind', 240, { recorded: 90 });
const acknowledge = (state: DeliveryState, accepted: number, rejected: number, person = 'person-2') =>
  acknowledgeDelivery(deliveryId, state, waiting, {
    input: { accepted, rejected: rejected > 0 ? [{ quantity: rejected, reason }] : undefined },
    person,
    lineUnit: 'item',
  });

describe('recording a delivery', () => {
  it('keeps the evidence apart from the public fact', () => {
    given(Delivery, [])
      .when(() => recordDelivery(pledgeId, commitment('in_kind', 240), goods(90), at))
      .then(recorded, detailed);
  });

  it('is of the pledge’s kind, of days that have come, and against a commitment', () => {
    const refused = (evidence: DeliveryEvidence, pledge: PledgeState, code: string) =>
      given(Delivery, [])
        .when(() => recordDelivery(pledgeId, pledge, evidence, at))
        .refused(code);
    refused({ kind: 'data', handedOverOn: '2026-01-01', records: 1, sha256 }, commitment('in_kind', 9), 'wrong_kind');
    refused({ ...goods(1), deliveredOn: '2026-01-02' } as DeliveryEvidence, commitment('in_kind', 9), 'future_date');
    refused(goods(1), commitment('in_kind', 9, { status: 'offered' }), 'wrong_state');
    refused(goods(1), commitment('in_kind', 9, { status: 'delivered' }), 'wrong_state');
  });
});

describe('the recipient', () => {
  it('accepts and rejects what is recorded, all of it (R12)', () => {
    const { events, counting } = acknowledge(fold(Delivery, [recorded, detailed]), 88, 2);
    expect(counting).toMatchObject({ counted: 88, complete: false });
    given(Delivery, [recorded, detailed])
      .when(() => events)
      .then(
        DeliveryAcknowledged({
          ...facts,
          kind: 'in_kind',
          unit: 'item',
          quantity: 90,
          accepted: 88,
          counted: 88,
          rejected: [{ quantity: 2, reason }],
        }),
      );
    given(Delivery, [recorded, detailed])
      .when((state) => acknowledge(state, 88, 1).events)
      .refused('quantity_mismatch', { recorded: 90, said: 89 });
  });

  it('is not who recorded it (R22)', () => {
    given(Delivery, [recorded, detailed])
      .when((state) => acknowledge(state, 90, 0, 'person-1').events)
      .refused('same_person');
  });

  it('acknowledges data by the checksum that was pledged, and no other (R15)', () => {
    const handed = (sum: string) =>
      fold(Delivery, [
        DeliveryRecorded({ ...facts, kind: 'data', unit: 'dataset', quantity: 1 }),
        DeliveryDetailed({ evidence: { kind: 'data', handedOverOn: '2026-01-01', records: 1240, sha256: sum } }),
      ]);
    const take = (state: DeliveryState, computed: string | undefined) =>
      acknowledgeDelivery(deliveryId, state, commitment('data', 1, { recorded: 1 }), {
        input: { accepted: 1, sha256: computed },
        person: 'person-2',
        lineUnit: 'dataset',
      });
    const mismatch = expect.objectContaining({ code: 'checksum_mismatch' });
    expect(() => take(handed(sha256), 'b'.repeat(64))).toThrow(mismatch);
    expect(() => take(handed('b'.repeat(64)), sha256)).toThrow(mismatch);
    expect(() => take(handed(sha256), undefined)).toThrow(mismatch);
    expect(take(handed(sha256), sha256).counting.complete).toBe(true);
  });

  it('disputes; the pledger corrects or voids, until it is acknowledged', () => {
    const disputed = DeliveryDisputed({ ...facts, kind: 'in_kind', unit: 'item', quantity: 90, reason });
    given(Delivery, [recorded, detailed])
      .when((state) => disputeDelivery(state, reason))
      .then(disputed);
    const correct = (state: DeliveryState) => correctDelivery(state, waiting, { evidence: goods(88), reason, at });
    expect(correct(fold(Delivery, [recorded, detailed, disputed]))).toMatchObject([
      { kind: 'DeliveryCorrected', data: { quantity: 88 } },
      {},
    ]);
    given(Delivery, [recorded, detailed, disputed])
      .when((state) => voidDelivery(state, reason))
      .then(DeliveryVoided({ ...facts, kind: 'in_kind', unit: 'item', quantity: 90, reason }));
    const acknowledged = acknowledge(fold(Delivery, [recorded, detailed]), 90, 0).events;
    for (const step of [
      correct,
      (state: DeliveryState) => voidDelivery(state, reason),
      (state: DeliveryState) => disputeDelivery(state, reason),
    ]) {
      given(Delivery, [recorded, detailed, ...acknowledged])
        .when(step)
        .refused('wrong_state');
    }
  });
});

describe('undoing an acknowledgement', () => {
  const acknowledged = [recorded, detailed, ...acknowledge(fold(Delivery, [recorded, detailed]), 88, 2).events];
  const approval = DeliveryReversalApproved({ of: 'reverse' });

  it('takes both sides', () => {
    given(Delivery, acknowledged)
      .when((state) => agreeReversal(state, { person: 'a', organisation: pledger }))
      .then(approval);
    const past = [...acknowledged, [approval, { person: 'a', organisation: pledger }] as const];
    given(Delivery, past)
      .when((state) => agreeReversal(state, { person: 'b', organisation: pledger }))
      .refused('waiting_for_other_side');
    given(Delivery, past)
      .when((state) => agreeReversal(state, { person: 'c', organisation: recipient }))
      .then();
    expect(reverseDelivery(fold(Delivery, past), 88, reason)).toMatchObject({ kind: 'DeliveryReversed', data: { quantity: 88 } });
  });

  it('is refused where nothing was accepted', () => {
    const rejected = acknowledge(fold(Delivery, [recorded, detailed]), 0, 90).events;
    given(Delivery, [recorded, detailed, ...rejected])
      .when((state) => agreeReversal(state, { person: 'a', organisation: pledger }))
      .refused('nothing_changed');
  });
});

// A delivery counts at most once, and ends in one way, whatever is tried in which order.
it('counts at most once whatever is tried', () => {
  const tries: Record<string, (state: DeliveryState) => readonly DomainEvent[]> = {
    acknowledge: (state) => acknowledge(state, state.quantity, 0).events,
    dispute: (state) => [disputeDelivery(state, reason)],
    correct: (state) => correctDelivery(state, waiting, { evidence: goods(90), reason, at }),
    void: (state) => [voidDelivery(state, reason)],
    reverse: (state) => {
      const first = agreeReversal(state, { person: 'a', organisation: pledger });
      return first ? [first] : [reverseDelivery(state, 90, reason)];
    },
  };
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...Object.keys(tries)), { maxLength: 12 }), (names) => {
      const past: DomainEvent[] = [recorded, detailed];
      for (const name of names) {
        try {
          past.push(...tries[name]!(fold(Delivery, past)));
        } catch (error) {
          if (!(error instanceof Refused)) throw error;
        }
      }
      const count = (kind: string) => past.filter((event) => event.kind === kind).length;
      expect(count('DeliveryAcknowledged') + count('DeliveryVoided')).toBeLessThanOrEqual(1);
      expect(count('DeliveryReversed')).toBeLessThanOrEqual(count('DeliveryAcknowledged'));
    }),
    { numRuns: 50 },
  );
});
