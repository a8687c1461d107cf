import { isAfter, Refused, requireState, type DomainEvent } from '@concord/kernel';
import type {
  DraftNeedInput,
  NeedCriterion,
  NeedCriterionInput,
  NeedLine,
  NeedLineInput,
  ReviseNeedInput,
} from '@concord/contracts';
import { type NeedContent, NeedDrafted, NeedRevised, type NeedState } from './need.js';

/** Makes the ids that a client left out. */
export type NewId = () => string;

const requireDistinct = (what: string, ids: readonly string[]): void => {
  if (new Set(ids).size === ids.length) return;
  throw new Refused('duplicate_id', `Two ${what} have the same id. Give each its own, or leave the ids out.`, { ids });
};

/** Lines with an id each; refused `duplicate_id` when two have the same. */
export function settledLines(lines: readonly NeedLineInput[], newId: NewId): NeedLine[] {
  const settled = lines.map(({ lineId, ...line }) => ({ lineId: lineId ?? newId(), ...line }));
  requireDistinct(
    'lines',
    settled.map((line) => line.lineId),
  );
  return settled;
}

function settledCriteria(criteria: readonly NeedCriterionInput[], newId: NewId): NeedCriterion[] {
  const settled = criteria.map(({ criterionId, ...criterion }) => ({ criterionId: criterionId ?? newId(), ...criterion }));
  requireDistinct(
    'criteria',
    settled.map((criterion) => criterion.criterionId),
  );
  return settled;
}

/** Regions lie in the need's country, or a map would show it twice. */
function requireRegionsInCountry(content: Pick<NeedContent, 'regions' | 'country'>): void {
  const outside = content.regions.filter((region) => !region.startsWith(`${content.country ?? ''}-`));
  if (outside.length === 0) return;
  throw new Refused('region_outside_country', 'A region must lie in the country of the need. Correct the regions or the country.', {
    country: content.country ?? null,
    outside,
  });
}

/** Begins a draft for the acting organisation. Unverified organisations may (R20). */
export function draftNeed(input: DraftNeedInput, organisationId: string, newId: NewId): DomainEvent {
  const { id: _id, lines, criteria, ...rest } = input;
  requireRegionsInCountry(rest);
  const content: NeedContent = { ...rest, lines: settledLines(lines, newId), criteria: settledCriteria(criteria, newId) };
  return NeedDrafted({ organisationId, content });
}

/** Changes a draft; after publication only `amend` does. An empty change records nothing. */
export function reviseNeed(state: NeedState, input: ReviseNeedInput, newId: NewId): DomainEvent[] {
  requireState('need', state.status, 'draft');
  if (Object.values(input).every((value) => value === undefined)) return [];
  requireRegionsInCountry({ regions: input.regions ?? state.content.regions, country: input.country ?? state.content.country });
  const { lines, criteria, ...rest } = input;
  return [
    NeedRevised({
      changes: {
        ...rest,
        ...(lines ? { lines: settledLines(lines, newId) } : {}),
        ...(criteria ? { criteria: settledCriteria(criteria, newId) } : {}),
      },
    }),
  ];
}

/** One thing that stands between a need and its publication; `pointer` is the JSON Pointer of the field. */
export interface Gap {
  readonly code: string;
  readonly pointer: string;
  readonly message: string;
}

/** What the content still lacks before it can be submitted or published at `at`. */
export function gapsOf(content: NeedContent, at: string): Gap[] {
  const gaps: Gap[] = [];
  const ask = (missing: boolean, code: string, field: string, message: string) => {
    if (missing) gaps.push({ code, pointer: `/${field}`, message });
  };
  const weights = content.criteria.reduce((sum, criterion) => sum + criterion.weight, 0);
  const { intakeClosesAt: closes, validUntil: until } = content;
  ask(content.summary === undefined, 'summary_missing', 'summary', 'Describe what is needed.');
  ask(content.needType === undefined, 'need_type_missing', 'needType', 'Choose the type of the need.');
  ask(content.country === undefined, 'country_missing', 'country', 'Name the country.');
  ask(content.sdgTargets.length === 0, 'sdg_target_missing', 'sdgTargets', 'Name at least one SDG target.');
  ask(content.lines.length === 0, 'lines_missing', 'lines', 'Add at least one line: funding, expertise, goods or data.');
  ask(content.criteria.length === 0, 'criteria_missing', 'criteria', 'Say by which criteria proposals are judged.');
  ask(
    content.criteria.length > 0 && weights !== 100,
    'weights_not_100',
    'criteria',
    `The weights sum to ${weights}; they must sum to 100.`,
  );
  ask(closes === undefined, 'intake_date_missing', 'intakeClosesAt', 'Say until when proposals are taken.');
  ask(closes !== undefined && !isAfter(closes, at), 'intake_date_past', 'intakeClosesAt', 'The end of intake has passed.');
  ask(until === undefined, 'valid_until_missing', 'validUntil', 'Say until when the need is valid.');
  ask(
    closes !== undefined && until !== undefined && isAfter(closes, until),
    'valid_until_before_intake',
    'validUntil',
    'The need must be valid at least until intake closes.',
  );
  return gaps;
}

/** Refuses `incomplete` and names every gap. */
export function requireComplete(content: NeedContent, at: string): void {
  const gaps = gapsOf(content, at);
  if (gaps.length === 0) return;
  throw new Refused('incomplete', `The need is not ready: ${gaps.map((gap) => gap.message).join(' ')}`, { gaps });
}
