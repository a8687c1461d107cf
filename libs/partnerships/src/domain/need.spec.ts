import { daysAfter, Refused, type DomainEvent } from '@concord/kernel';
import { given } from '@concord/testing';
import fc from 'fast-check';
import { inviteOrganisation } from './invitation.js';
import { BLUEFIN, CONTENT, CRITERIA, day, DIGITAL_OFFICE, drafted, id, LANTERN, LINES } from './lesson-need.js';
import { closeIntake, closeNeed, closeWithProject, expireNeed, finaliseAward, partnerNeed, withdrawNeed } from './need-closing.js';
import { reviseNeed } from './need-drafting.js';
import { amendNeed, endorseNeed, extendNeed, publishNeed, returnNeed, submitNeed } from './need-publication.js';
import { changed, Need, NeedRevised, type NeedState } from './need.js';

const reason = { code: 'spec', text: 'Because the spec says so.' };
const newId = () => id(900);
const award = { proposalId: id(2), leadId: LANTERN, projectId: id(50) };

/** The arrows of domain.md section 4, without those that lead back to the same state. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  draft: ['submitted', 'withdrawn', 'expired'],
  submitted: ['endorsed', 'published', 'draft', 'withdrawn'],
  endorsed: ['published', 'withdrawn'],
  published: ['matching', 'withdrawn', 'expired'],
  matching: ['published', 'partnered', 'closed', 'withdrawn', 'expired'],
  partnered: ['closed'],
};

type Step = (state: NeedState, at: string) => DomainEvent | DomainEvent[];

const STEPS: Readonly<Record<string, Step>> = {
  revise: (state) => reviseNeed(state, { title: 'Another title' }, newId),
  loseCriterion: (state) => reviseNeed(state, { criteria: CRITERIA.slice(1) }, newId),
  restoreCriteria: (state) => reviseNeed(state, { criteria: CRITERIA }, newId),
  submit: (state, at) => submitNeed(state, at, [DIGITAL_OFFICE]),
  endorse: (state) => endorseNeed(state, { person: id(130), organisation: DIGITAL_OFFICE }),
  return: (state) => returnNeed(state, reason),
  publish: (state, at) => publishNeed(state, at, [DIGITAL_OFFICE]),
  raise: (state, at) =>
    amendNeed(state, { reason, lines: state.content.lines.map((line) => ({ ...line, target: line.target + 1 })) }, at, newId),
  lower: (state, at) => amendNeed(state, { reason, lines: LINES.map((line) => ({ ...line, target: 1, minimum: 1 })) }, at, newId),
  invite: (state) => inviteOrganisation(state, BLUEFIN),
  closeIntake: (state) => closeIntake(state, []),
  extend: (state, at) => extendNeed(state, { reason, intakeClosesAt: daysAfter(at, 20) }, at),
  partner: (state) => partnerNeed(state, award),
  finalise: (state, at) => finaliseAward(state, at),
  close: (state) => closeNeed(state, { outcome: 'no_candidate', reason }),
  projectClosed: (state) => closeWithProject(state, award.projectId),
  withdraw: (state) => withdrawNeed(state, reason),
  expire: (state, at) => expireNeed(state, at),
};

/** Takes a step unless it is refused, and checks what one step may change. */
function take(state: NeedState, step: Step, at: string): NeedState {
  let events: DomainEvent[];
  try {
    events = [step(state, at)].flat();
  } catch (error) {
    if (error instanceof Refused) return state;
    throw error;
  }
  const next = events.reduce((folded, event) => {
    const definition = Need.events.get(event.kind)!;
    expect(definition.parse(event.data, definition.version)).toEqual(event.data);
    return Need.evolve(folded, event, { at, person: id(100) });
  }, state);
  if (next.status !== state.status) expect(ARROWS[state.status]).toContain(next.status);
  if (state.publishedAt !== undefined) {
    expect(next.content.criteria).toEqual(state.content.criteria);
    for (const line of state.content.lines) {
      expect(next.content.lines.find((one) => one.lineId === line.lineId)?.target).toBeGreaterThanOrEqual(line.target);
    }
  }
  return next;
}

describe('the need', () => {
  it('starts as a draft of its organisation', () => {
    expect(given(Need, [drafted]).state).toMatchObject({
      status: 'draft',
      content: CONTENT,
      authorIds: [id(100)],
      updatedAt: day(-10),
    });
  });

  it('replaces what a change names and removes what it sets to null', () => {
    expect(changed(CONTENT, { title: 'B', useCase: null }).useCase).toBeUndefined();
    expect(changed(CONTENT, { title: 'B', summary: undefined })).not.toHaveProperty('summary');
    expect(given(Need, [drafted, NeedRevised({ changes: { title: 'B' } })]).state.content).toEqual({ ...CONTENT, title: 'B' });
  });

  it('follows its arrows, keeps what was published and awards once, whatever the order of steps', () => {
    const [event, meta] = drafted;
    const names = fc.array(fc.tuple(fc.constantFrom(...Object.keys(STEPS)), fc.integer({ min: 0, max: 12 })), { maxLength: 40 });
    fc.assert(
      fc.property(names, (sequence) => {
        let at = day(-9);
        let state = Need.evolve(Need.initial, event, { at: meta.at!, person: meta.person! });
        for (const [name, days] of sequence) {
          at = daysAfter(at, days);
          const before = state.award;
          state = take(state, STEPS[name]!, at);
          if (before) expect(state.award).toEqual({ ...before, final: state.award?.final });
          if (state.award?.final) expect(Date.parse(at)).toBeGreaterThanOrEqual(Date.parse(state.award.finalFrom));
        }
        if (state.publishedAt !== undefined) {
          expect(state.endorsedBy).toBe(DIGITAL_OFFICE);
          expect(state.content.criteria.reduce((sum, one) => sum + one.weight, 0)).toBe(100);
        }
        expect(JSON.parse(JSON.stringify(state))).toEqual(state);
      }),
      { numRuns: 300 },
    );
  });

  it('can reach its end that way', () => {
    // The property above proves nothing of steps that are always refused: this is the path through all of them.
    const path = [
      'submit',
      'return',
      'submit',
      'endorse',
      'publish',
      'raise',
      'invite',
      'closeIntake',
      'extend',
      'closeIntake',
      'partner',
    ];
    const [event, meta] = drafted;
    let state = Need.evolve(Need.initial, event, { at: meta.at! });
    for (const name of path) state = take(state, STEPS[name]!, day(0));
    state = take(state, STEPS['finalise']!, day(10));
    expect(take(state, STEPS['projectClosed']!, day(385))).toMatchObject({
      status: 'closed',
      outcome: 'partners',
      award: { final: true },
    });
  });
});
