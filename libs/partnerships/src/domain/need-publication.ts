import { isAfter, Refused, requireState, type DomainEvent, type Reason } from '@concord/kernel';
import {
  type AmendNeedInput,
  type ExtendNeedInput,
  NeedAmended,
  NeedEndorsed,
  NeedExtended,
  type NeedLine,
  NeedPublished,
  NeedReturned,
  NeedSubmitted,
} from '@concord/contracts';
import { requireComplete, settledLines, type NewId } from './need-drafting.js';
import type { NeedContent, NeedState } from './need.js';
import { requireNotAuthor } from './uninvolved.js';

/** The draft is ready. `endorserIds` are the country's focal points at this moment (R21). */
export function submitNeed(state: NeedState, at: string, endorserIds: readonly string[]): DomainEvent {
  requireState('need', state.status, 'draft');
  requireComplete(state.content, at);
  const { title, country = '' } = state.content;
  return NeedSubmitted({ organisationId: state.organisationId, title, country, endorserIds: [...endorserIds] });
}

/** A focal point's approver stands behind the need; not a person who wrote it (R22). */
export function endorseNeed(state: NeedState, by: { readonly person: string; readonly organisation: string }): DomainEvent {
  requireState('need', state.status, 'submitted');
  requireNotAuthor(state.authorIds, by.person);
  return NeedEndorsed({ organisationId: state.organisationId, endorserId: by.organisation });
}

/** Back to draft, with the reason. */
export function returnNeed(state: NeedState, reason: Reason): DomainEvent {
  requireState('need', state.status, 'submitted');
  return NeedReturned({ organisationId: state.organisationId, reason });
}

/**
 * Makes the need public and fixes its lines and criteria (R24). Refused `endorsement_required` while the country has focal
 * points and none of them has endorsed (R21), `incomplete` when a date has passed meanwhile.
 */
export function publishNeed(state: NeedState, at: string, focalPointIds: readonly string[]): DomainEvent {
  requireState('need', state.status, 'submitted', 'endorsed');
  if (state.status === 'submitted' && focalPointIds.length > 0) {
    throw new Refused(
      'endorsement_required',
      'This country asks for endorsement. Wait until a focal point has endorsed the need.',
      {
        focalPointIds,
      },
    );
  }
  requireComplete(state.content, at);
  return NeedPublished({ organisationId: state.organisationId, ...publishedContent(state.content) });
}

function publishedContent(content: NeedContent) {
  const { title, language, regions, sdgTargets, useCase, lines, criteria } = content;
  // Complete content has them all; the fallbacks only satisfy the compiler and would not pass the event's schema.
  const { needType = 'strategy', country = '', intakeClosesAt = '', validUntil = '' } = content;
  return {
    title,
    language,
    needType,
    country,
    regions,
    sdgTargets,
    ...(useCase === undefined ? {} : { useCase }),
    lines,
    criteria,
    intakeClosesAt,
    validUntil,
  };
}

/** A published line may only grow: pledges and proposals rely on what was published. */
function requireLinesOnlyGrow(before: readonly NeedLine[], after: readonly NeedLine[]): void {
  for (const line of before) {
    const next = after.find((one) => one.lineId === line.lineId);
    const kept =
      next !== undefined &&
      next.kind === line.kind &&
      next.unit === line.unit &&
      next.recipient === line.recipient &&
      next.target >= line.target &&
      (next.minimum ?? 0) <= (line.minimum ?? 0);
    if (kept) continue;
    throw new Refused(
      'line_fixed',
      'A published line keeps its kind, unit and recipient; its target may only grow, its minimum only shrink.',
      {
        lineId: line.lineId,
      },
    );
  }
}

/** Changes what was published, with the reason. Criteria, type and country stay (R24). */
export function amendNeed(state: NeedState, input: AmendNeedInput, at: string, newId: NewId): DomainEvent {
  requireState('need', state.status, 'published');
  const { reason, lines, ...rest } = input;
  if (lines === undefined && Object.values(rest).every((value) => value === undefined)) {
    throw new Refused('nothing_changed', 'The amendment changes nothing. Name at least one field.');
  }
  const settled = lines && settledLines(lines, newId);
  if (settled) requireLinesOnlyGrow(state.content.lines, settled);
  requireDates(input.intakeClosesAt ?? state.content.intakeClosesAt, input.validUntil ?? state.content.validUntil, at);
  const changes = Object.fromEntries(Object.entries({ ...rest, lines: settled }).filter(([, value]) => value !== undefined));
  return NeedAmended({ organisationId: state.organisationId, reason, ...changes });
}

/** Opens intake again; proposals in review stay there. */
export function extendNeed(state: NeedState, input: ExtendNeedInput, at: string): DomainEvent {
  requireState('need', state.status, 'matching');
  const validUntil = input.validUntil ?? state.content.validUntil ?? input.intakeClosesAt;
  requireDates(input.intakeClosesAt, validUntil, at);
  return NeedExtended({
    organisationId: state.organisationId,
    reason: input.reason,
    intakeClosesAt: input.intakeClosesAt,
    validUntil,
  });
}

function requireDates(intakeClosesAt: string | undefined, validUntil: string | undefined, at: string): void {
  const closes = intakeClosesAt ?? at;
  if (isAfter(closes, at) && validUntil !== undefined && !isAfter(closes, validUntil)) return;
  throw new Refused('dates_out_of_order', 'Intake must close in the future, and the need must be valid at least until then.', {
    at,
    intakeClosesAt: intakeClosesAt ?? null,
    validUntil: validUntil ?? null,
  });
}
