import { assert, defineAggregate, defineEvent, Id, Refused, Sha256, type DomainEvent, z } from '@concord/kernel';
import { Hundredths, type NeedCriterion, type ScoreProposalInput } from '@concord/contracts';
import type { Reviewer } from './intake.js';

const Mark = z.strictObject({ criterionId: Id, mark: z.int().min(0).max(10) });
type Mark = Readonly<z.output<typeof Mark>>;

/** The acting reviewer's marks on one version, as they stand now; `result` once every criterion has a mark. */
export const ProposalScored = defineEvent(
  'ProposalScored',
  z.strictObject({ hash: Sha256, marks: z.array(Mark).min(1).max(10), result: Hundredths.optional() }),
);

/** One reviewer's marks. */
export interface Sheet {
  readonly personId: string;
  readonly hash: string;
  readonly marks: readonly Mark[];
  readonly result?: number;
}

/** All marks on one proposal, the last version each reviewer scored. */
export interface ReviewState {
  readonly sheets: readonly Sheet[];
}

/**
 * The review of a proposal is a stream of its own, its id is `derivedId('review', proposalId)`: whoever may read a proposal's
 * history (its lead may) must not read its marks there before the decision.
 */
export const Review = defineAggregate({
  kind: 'review',
  initial: { sheets: [] } as ReviewState,
  events: [ProposalScored],
  evolve: {
    ProposalScored: (state, data, meta) => {
      const personId = meta.person ?? '';
      const sheet: Sheet = {
        personId,
        hash: data.hash,
        marks: data.marks,
        ...(data.result === undefined ? {} : { result: data.result }),
      };
      return { sheets: [...state.sheets.filter((one) => one.personId !== personId), sheet] };
    },
  },
});

/**
 * Weighted result in hundredths of a point of 100, undefined until every criterion has a mark. A mark of 10 everywhere is 100:
 * sum of mark x weight (at most 1,000) is in tenths, so it is exact as an integer.
 */
export function resultOf(marks: readonly Mark[], criteria: readonly NeedCriterion[]): number | undefined {
  let tenths = 0;
  for (const { criterionId, weight } of criteria) {
    const given = marks.find((one) => one.criterionId === criterionId);
    if (!given) return undefined;
    tenths += given.mark * weight;
  }
  assert(tenths <= 1_000, 'weights sum to 100 (R24)');
  return tenths * 10;
}

/** A reviewer's marks on this version, added to those the same reviewer gave it before. Unknown criteria are refused. */
export function scoreProposal(
  state: ReviewState,
  criteria: readonly NeedCriterion[],
  person: string,
  { hash, marks }: ScoreProposalInput,
): DomainEvent {
  const unknown = marks.filter((one) => !criteria.some((criterion) => criterion.criterionId === one.criterionId));
  if (unknown.length > 0 || new Set(marks.map((one) => one.criterionId)).size !== marks.length) {
    throw new Refused('unknown_criterion', 'Give each criterion of the need at most one mark, and no others.', {
      criterionIds: criteria.map((criterion) => criterion.criterionId),
    });
  }
  const before = state.sheets.find((sheet) => sheet.personId === person && sheet.hash === hash)?.marks ?? [];
  const kept = before.filter((one) => !marks.some((given) => given.criterionId === one.criterionId));
  const all = [...kept, ...marks];
  const result = resultOf(all, criteria);
  return ProposalScored({ hash, marks: all, ...(result === undefined ? {} : { result }) });
}

/** Does this sheet count: full, on the current version, by a reviewer who is still appointed and has no conflict (R25)? */
export const counts = (sheet: Sheet, hash: string, reviewers: readonly Reviewer[]): boolean =>
  sheet.hash === hash &&
  sheet.result !== undefined &&
  reviewers.some((reviewer) => reviewer.personId === sheet.personId && reviewer.conflict === undefined);

/** Results that count, and their mean in hundredths, rounded half up. */
export function tally(
  state: ReviewState,
  hash: string,
  reviewers: readonly Reviewer[],
): { readonly fullCount: number; readonly meanScore?: number } {
  const results = state.sheets.filter((sheet) => counts(sheet, hash, reviewers)).map((sheet) => sheet.result ?? 0);
  if (results.length === 0) return { fullCount: 0 };
  const sum = results.reduce((total, result) => total + result, 0);
  return { fullCount: results.length, meanScore: Math.round(sum / results.length) };
}
