import fc from 'fast-check';
import { fold, given } from '@concord/testing';
import { CRITERIA, HASH, id, REVIEWERS } from './lesson-need.js';
import { ProposalScored, resultOf, Review, scoreProposal, tally } from './review.js';

const marks = (given: readonly number[]) => given.map((mark, index) => ({ criterionId: CRITERIA[index]!.criterionId, mark }));
const appointed = REVIEWERS.map((personId) => ({ personId }));
const scored = (person: number, given: readonly number[], hash = HASH) => {
  const result = resultOf(marks(given), CRITERIA);
  return [
    ProposalScored({ hash, marks: marks(given), ...(result === undefined ? {} : { result }) }),
    { person: REVIEWERS[person]! },
  ] as const;
};

describe('resultOf', () => {
  it.each<[string, number[], number]>([
    ['Lantern 1', [9, 8, 8, 9, 7], 8350],
    ['Lantern 2', [8, 8, 7, 9, 8], 7950],
    ['Lantern 3', [8, 9, 8, 8, 8], 8250],
    ['Bluefin 1', [7, 7, 6, 6, 9], 6850],
    ['Bluefin 2', [7, 8, 6, 6, 8], 7000],
    ['Bluefin 3', [6, 7, 6, 7, 9], 6700],
    ['nothing', [0, 0, 0, 0, 0], 0],
    ['all', [10, 10, 10, 10, 10], 10_000],
  ])('weighs the marks of %s', (_who, given, result) => {
    expect(resultOf(marks(given), CRITERIA)).toBe(result);
  });

  it('waits for the last mark', () => {
    expect(resultOf(marks([9, 8, 8, 9]), CRITERIA)).toBeUndefined();
  });
});

describe('tally', () => {
  it('gives the means of the story: 81.83 and 68.50', () => {
    const lantern = fold(Review, [scored(0, [9, 8, 8, 9, 7]), scored(1, [8, 8, 7, 9, 8]), scored(2, [8, 9, 8, 8, 8])]);
    const bluefin = fold(Review, [scored(0, [7, 7, 6, 6, 9]), scored(1, [7, 8, 6, 6, 8]), scored(2, [6, 7, 6, 7, 9])]);
    expect(tally(lantern, HASH, appointed)).toEqual({ fullCount: 3, meanScore: 8183 });
    expect(tally(bluefin, HASH, appointed)).toEqual({ fullCount: 3, meanScore: 6850 });
  });

  it('counts full scores of this version by reviewers without a conflict who are still there', () => {
    const state = fold(Review, [
      scored(0, [9, 8, 8, 9, 7]),
      scored(1, [9, 8]),
      scored(2, [8, 9, 8, 8, 8], 'f'.repeat(64)),
      scored(3, [1, 1, 1, 1, 1]),
    ]);
    expect(tally(state, HASH, [...appointed.slice(0, 3), { personId: REVIEWERS[3], conflict: 'other' }])).toEqual({
      fullCount: 1,
      meanScore: 8350,
    });
    expect(tally(state, HASH, appointed.slice(1, 3))).toEqual({ fullCount: 0 });
  });
});

describe('scoreProposal', () => {
  const by = REVIEWERS[0];

  it('completes marks given before on the same version', () => {
    const first = scored(0, [9, 8, 8]);
    const rest = CRITERIA.slice(3).map(({ criterionId }, index) => ({ criterionId, mark: [9, 7][index]! }));
    given(Review, [first])
      .when((review) => scoreProposal(review, CRITERIA, by, { hash: HASH, marks: rest }))
      .then(ProposalScored({ hash: HASH, marks: marks([9, 8, 8, 9, 7]), result: 8350 }));
  });

  it('starts afresh on a new version', () => {
    const hash = 'f'.repeat(64);
    given(Review, [scored(0, [9, 8, 8, 9, 7])])
      .when((review) => scoreProposal(review, CRITERIA, by, { hash, marks: marks([5]) }))
      .then(ProposalScored({ hash, marks: marks([5]) }));
  });

  it('refuses criteria of another need and two marks for one', () => {
    const unknown = [{ criterionId: id(9), mark: 5 }];
    given(Review, [])
      .when((review) => scoreProposal(review, CRITERIA, by, { hash: HASH, marks: unknown }))
      .refused('unknown_criterion');
    const twice = [...marks([5]), ...marks([6])];
    given(Review, [])
      .when((review) => scoreProposal(review, CRITERIA, by, { hash: HASH, marks: twice }))
      .refused('unknown_criterion');
  });

  it('keeps one sheet per reviewer with the marks given last, and a mean between the extremes', () => {
    const step = fc.record({
      person: fc.constantFrom(...REVIEWERS),
      hash: fc.constantFrom('a'.repeat(64), 'b'.repeat(64)),
      marks: fc.uniqueArray(
        fc.record({
          criterionId: fc.constantFrom(...CRITERIA.map((one) => one.criterionId)),
          mark: fc.integer({ min: 0, max: 10 }),
        }),
        {
          minLength: 1,
          selector: (one) => one.criterionId,
        },
      ),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let state = Review.initial;
        for (const { person, ...input } of steps) {
          state = Review.evolve(state, scoreProposal(state, CRITERIA, person, input), { at: '', person });
          const sheet = state.sheets.find((one) => one.personId === person);
          expect(sheet?.marks).toEqual(expect.arrayContaining(input.marks));
        }
        expect(new Set(state.sheets.map((sheet) => sheet.personId)).size).toBe(state.sheets.length);
        for (const hash of ['a'.repeat(64), 'b'.repeat(64)]) {
          const results = state.sheets
            .filter((sheet) => sheet.hash === hash && sheet.result !== undefined)
            .map((sheet) => sheet.result!);
          const { fullCount, meanScore } = tally(state, hash, appointed);
          expect(fullCount).toBe(results.length);
          if (meanScore === undefined) continue;
          expect(meanScore).toBeGreaterThanOrEqual(Math.min(...results));
          expect(meanScore).toBeLessThanOrEqual(Math.max(...results));
        }
        expect(JSON.parse(JSON.stringify(state))).toEqual(state);
      }),
    );
  });
});
