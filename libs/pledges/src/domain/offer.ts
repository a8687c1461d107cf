import {
  PledgeAccepted,
  PledgeAmended,
  PledgeDeclined,
  PledgeLapsed,
  PledgeMade,
  PledgeWithdrawn,
  type AmendPledgeInput,
  type MakePledgeInput,
  type PledgeKind,
  type PledgeTerms,
} from '@concord/contracts';
import { Refused, daysAfter, requireHash, requireState, split, type DomainEvent, type Reason } from '@concord/kernel';
import { countedIn, quantityWithin } from './currencies.js';
import { lineFull, openCapacity, type LineState } from './line.js';
import { offerHash, placeOf, type PledgeState } from './pledge.js';

/** How long an offer stands when it does not say (R11), and at most. */
const VALID_DAYS_DEFAULT = 90;
const VALID_DAYS_MAX = 730;

/** What is offered: a quantity in a unit, on terms. */
export interface Offer {
  readonly kind: PledgeKind;
  readonly unit: string;
  readonly quantity: number;
  readonly terms: PledgeTerms;
}

/** The offer in an HTTP input, in the form that is stored and hashed. */
export function offerOf(input: MakePledgeInput | AmendPledgeInput): Offer {
  switch (input.kind) {
    case 'funding': {
      const { kind, amount, instrument, earmarking, schedule, exchange } = input;
      const terms = exchange ? { instrument, earmarking, schedule, exchange } : { instrument, earmarking, schedule };
      return { kind, unit: amount.currency, quantity: amount.amount, terms };
    }
    case 'expertise': {
      const { kind, hours, skill, role, languages, remote, from, until, aidType, unitValue } = input;
      const terms = { skill, role, languages, remote, from, until, aidType, ...(unitValue && { unitValue }) };
      return { kind, unit: 'hour', quantity: hours, terms };
    }
    case 'in_kind': {
      const { kind, items, item, valuation, unitValue } = input;
      return { kind, unit: 'item', quantity: items, terms: { item, valuation, ...(unitValue && { unitValue }) } };
    }
    case 'data': {
      const { kind, title, format, licence, records, personalData, sha256 } = input;
      return { kind, unit: 'dataset', quantity: 1, terms: { title, format, licence, records, personalData, sha256 } };
    }
  }
}

/** What part of an offer the line takes, in both units. */
interface Fitted extends Offer {
  readonly counted: number;
}

/** The rate at which an offer counts on its line, or undefined in the line's own unit (R4). */
function rateOf(line: LineState, { kind, unit, terms }: Offer, at: string): string | undefined {
  if (kind !== line.kind) {
    throw new Refused('wrong_kind', `This line asks for ${line.kind}; a pledge of ${kind} does not count on it.`, {
      kind: line.kind,
    });
  }
  const exchange = 'schedule' in terms ? terms.exchange : undefined;
  if (unit === line.unit) {
    if (exchange)
      throw new Refused('exchange_not_needed', `The line counts in ${line.unit} already. Leave the exchange out.`, { unit });
    return undefined;
  }
  if (!exchange) {
    throw new Refused(
      'exchange_missing',
      `The line counts in ${line.unit}. Say at which rate, of which day and source, ${unit} counts (R4).`,
      {
        unit: line.unit,
      },
    );
  }
  if (exchange.rateDate > at.slice(0, 10))
    throw new Refused('future_date', 'The exchange rate is of a day to come.', { date: exchange.rateDate });
  return exchange.rate;
}

/** The same offer with a smaller quantity; dated instalments shrink in proportion (R5). */
function cut(offer: Offer, quantity: number): Offer {
  const { terms } = offer;
  if (!('schedule' in terms) || terms.schedule.type !== 'by_date') return { ...offer, quantity };
  const { instalments } = terms.schedule;
  const parts = split(
    quantity,
    instalments.map((one) => one.quantity),
  );
  const shrunk = instalments.map(({ dueOn }, index) => ({ dueOn, quantity: parts[index]! })).filter((one) => one.quantity > 0);
  return { ...offer, quantity, terms: { ...terms, schedule: { type: 'by_date', instalments: shrunk } } };
}

/** Fits an offer into what is open, whole or, where the pledger agrees, in part; else `line_full` (R3). */
function fit(line: LineState, offer: Offer, open: number, acceptPartial: boolean, at: string): Fitted {
  requireState('line', line.status, 'open');
  const rate = rateOf(line, offer, at);
  const counted = rate === undefined ? offer.quantity : countedIn(offer.quantity, rate, offer.unit, line.unit);
  if (counted < 1)
    throw new Refused('amount_too_small', `At this rate the amount counts as nothing in ${line.unit}. Offer more.`, {});
  if (counted <= open) return { ...offer, counted };
  const quantity = rate === undefined ? open : quantityWithin(open, rate, offer.unit, line.unit);
  const rest = rate === undefined ? open : countedIn(quantity, rate, offer.unit, line.unit);
  if (!acceptPartial || quantity < 1 || rest < 1) throw lineFull(open);
  return { ...cut(offer, quantity), counted: rest };
}

function standsUntil(given: string | undefined, at: string): string {
  if (given === undefined) return daysAfter(at, VALID_DAYS_DEFAULT);
  const until = daysAfter(given, 0);
  if (until > at && until <= daysAfter(at, VALID_DAYS_MAX)) return until;
  throw new Refused('invalid_date', `An offer stands for at least a moment and at most ${VALID_DAYS_MAX} days.`, {
    validUntil: given,
  });
}

interface Making {
  readonly lineId: string;
  readonly organisationId: string;
  readonly offer: Offer;
  readonly validUntil?: string | undefined;
  readonly acceptPartial?: boolean | undefined;
  readonly at: string;
}

/** Makes an offer on a line; the caller reserves `counted` there in the same decision. */
export function makePledge(line: LineState, { lineId, organisationId, offer, validUntil, acceptPartial = false, at }: Making) {
  const fitted = fit(line, offer, openCapacity(line), acceptPartial, at);
  const until = standsUntil(validUntil, at);
  const { kind, unit, quantity, counted, terms } = fitted;
  const hash = offerHash({ lineId, kind, unit, quantity, counted, terms }, 1, until);
  const { needId, ownerId, recipient } = line;
  return PledgeMade({
    needId,
    lineId,
    organisationId,
    ownerId,
    recipient,
    kind,
    unit,
    quantity,
    counted,
    terms,
    version: 1,
    hash,
    validUntil: until,
  });
}

interface Amending extends Omit<Making, 'lineId' | 'organisationId'> {
  readonly reason: Reason;
}

/** Replaces an offer by another of the same kind and unit; an acceptance of the old one no longer counts (R9). */
export function amendPledge(
  pledge: PledgeState,
  line: LineState,
  { offer, validUntil, acceptPartial = false, at, reason }: Amending,
) {
  requireState('pledge', pledge.status, 'offered');
  requireStanding(pledge, at);
  if (offer.unit !== pledge.unit) {
    throw new Refused('unit_changed', `This pledge is in ${pledge.unit}. Withdraw it and make another one in ${offer.unit}.`, {
      unit: pledge.unit,
    });
  }
  const fitted = fit(line, offer, openCapacity(line) + pledge.counted, acceptPartial, at);
  const until = standsUntil(validUntil, at);
  const version = pledge.offerVersion + 1;
  const { kind, unit, quantity, counted, terms } = fitted;
  return PledgeAmended({
    ...placeOf(pledge),
    kind,
    unit,
    quantity,
    counted,
    quantityChange: quantity - pledge.quantity,
    countedChange: counted - pledge.counted,
    terms,
    version,
    hash: offerHash({ lineId: pledge.lineId, kind, unit, quantity, counted, terms }, version, until),
    validUntil: until,
    reason,
  });
}

/** An offer past its `validUntil` is over, also in the moments before the clock has written that down (R11). */
export function requireStanding(pledge: PledgeState, at: string): void {
  if (pledge.validUntil > at) return;
  throw new Refused('offer_expired', 'This offer stood until a time that has passed. Make a new one.', {
    validUntil: pledge.validUntil,
  });
}

/** The owner of the need accepts the version named by its hash (R26), not one of their own making (R22). */
export function acceptPledge(
  pledge: PledgeState,
  given: { hash: string; person: string; recipientId?: string | undefined; at: string },
) {
  requireState('pledge', pledge.status, 'offered');
  requireStanding(pledge, given.at);
  requireHash('pledge', given.hash, pledge.hash);
  if (pledge.acceptedHash === pledge.hash)
    throw new Refused('already_accepted', 'This version is accepted already; nothing is left to do.');
  if (pledge.author === given.person) {
    throw new Refused('same_person', 'You wrote this offer; a different approver has to accept it (R22).', {});
  }
  const { recipientId } = given;
  return PledgeAccepted({ ...placeOf(pledge), ...(recipientId === undefined ? {} : { recipientId }), hash: given.hash });
}

const amountsOf = ({ kind, unit, quantity, counted }: PledgeState) => ({ kind, unit, quantity, counted });

/** The owner of the need says no. */
export function declinePledge(pledge: PledgeState, reason: Reason): DomainEvent {
  requireState('pledge', pledge.status, 'offered');
  return PledgeDeclined({ ...placeOf(pledge), ...amountsOf(pledge), reason });
}

/** The pledger takes an offer back; a commitment is never withdrawn (R10). */
export function withdrawPledge(pledge: PledgeState, reason: Reason): DomainEvent {
  requireState('pledge', pledge.status, 'offered');
  return PledgeWithdrawn({ ...placeOf(pledge), ...amountsOf(pledge), reason });
}

/** An offer whose time is up (R11), or whose line has closed, lapses; anything else is left alone. */
export function lapseOffer(pledge: PledgeState, line: LineState, at: string): DomainEvent | undefined {
  if (pledge.status !== 'offered') return undefined;
  if (line.status === 'closed') return PledgeLapsed({ ...placeOf(pledge), ...amountsOf(pledge), cause: 'line_closed' });
  if (pledge.validUntil <= at) return PledgeLapsed({ ...placeOf(pledge), ...amountsOf(pledge), cause: 'expired' });
  return undefined;
}
