import type { DraftNeedInput } from '@concord/contracts';
import { NeedSubmitted } from '@concord/contracts';
import { given } from '@concord/testing';
import { CONTENT, CRITERIA, day, drafted, id, LINES, MINISTRY } from './lesson-need.js';
import { draftNeed, gapsOf, reviseNeed } from './need-drafting.js';
import { Need, NeedDrafted, NeedRevised } from './need.js';

const newId = () => id(900);
const bare: DraftNeedInput = {
  title: 'Solar pumps',
  language: 'en',
  regions: [],
  sdgTargets: [],
  buildingBlocks: [],
  solutions: [],
  lines: [],
  criteria: [],
};

describe('draftNeed', () => {
  it('takes a title and a language, and gives ids to what has none', () => {
    const input = { ...bare, criteria: [{ title: 'Cost', weight: 100 }] };
    given(Need, [])
      .when(() => draftNeed(input, MINISTRY, newId))
      .then(
        NeedDrafted({
          organisationId: MINISTRY,
          content: { ...bare, lines: [], criteria: [{ criterionId: id(900), title: 'Cost', weight: 100 }] },
        }),
      );
  });

  it('keeps the ids a client made', () => {
    const { intakeClosesAt: _closes, ...content } = CONTENT;
    expect(draftNeed(content as DraftNeedInput, MINISTRY, newId)).toEqual(NeedDrafted({ organisationId: MINISTRY, content }));
  });

  it('refuses two lines with one id', () => {
    const line = LINES[0]!;
    given(Need, [])
      .when(() => draftNeed({ ...bare, lines: [line, line] }, MINISTRY, newId))
      .refused('duplicate_id');
  });

  it('refuses a region of another country', () => {
    given(Need, [])
      .when(() => draftNeed({ ...bare, country: 'MZ', regions: ['MW-ZO'] }, MINISTRY, newId))
      .refused('region_outside_country', { outside: ['MW-ZO'] });
  });
});

describe('reviseNeed', () => {
  it('replaces what is given and removes the use case on null', () => {
    const state = given(Need, [drafted])
      .when((need) => reviseNeed(need, { title: 'Lessons', useCase: null }, newId))
      .then(NeedRevised({ changes: { title: 'Lessons', useCase: null } }));
    expect(state.content).toEqual({ ...CONTENT, title: 'Lessons', useCase: undefined });
  });

  it('remembers every person who wrote', () => {
    const { state } = given(Need, [
      drafted,
      [NeedRevised({ changes: { title: 'A' } }), { person: id(7) }],
      [NeedRevised({ changes: { title: 'B' } }), { person: id(7) }],
    ]);
    expect(state.authorIds).toEqual([id(100), id(7)]);
  });

  it('records nothing when nothing is given', () => {
    given(Need, [drafted])
      .when((need) => reviseNeed(need, {}, newId))
      .then();
  });

  it('is possible in draft only', () => {
    const submitted = NeedSubmitted({ organisationId: MINISTRY, title: 'x', country: 'MW', endorserIds: [] });
    given(Need, [drafted, submitted])
      .when((need) => reviseNeed(need, { title: 'B' }, newId))
      .refused('wrong_state');
  });
});

describe('gapsOf', () => {
  const codes = (content: typeof CONTENT) => gapsOf(content, day(0)).map((gap) => gap.code);

  it('finds none in the story', () => {
    expect(codes(CONTENT)).toEqual([]);
  });

  it('names all that a bare draft lacks', () => {
    const content = {
      title: 'x',
      language: 'en',
      regions: [],
      sdgTargets: [],
      buildingBlocks: [],
      solutions: [],
      lines: [],
      criteria: [],
    };
    expect(codes(content)).toEqual([
      'summary_missing',
      'need_type_missing',
      'country_missing',
      'sdg_target_missing',
      'lines_missing',
      'criteria_missing',
      'intake_date_missing',
      'valid_until_missing',
    ]);
  });

  it('wants weights of 100 (R24) and dates in order', () => {
    expect(codes({ ...CONTENT, criteria: CRITERIA.slice(1) })).toEqual(['weights_not_100']);
    expect(codes({ ...CONTENT, intakeClosesAt: day(0) })).toEqual(['intake_date_past']);
    expect(codes({ ...CONTENT, validUntil: day(20) })).toEqual(['valid_until_before_intake']);
  });
});
