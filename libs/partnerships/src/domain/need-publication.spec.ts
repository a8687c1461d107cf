import { NeedAmended, NeedEndorsed, NeedExtended, NeedReturned, NeedSubmitted } from '@concord/contracts';
import { given } from '@concord/testing';
import {
  CONTENT,
  day,
  DIGITAL_OFFICE,
  drafted,
  endorsed,
  id,
  LINES,
  matchingPast,
  MINISTRY,
  OFFICER,
  publishedEvent,
  publishedPast,
  submitted,
} from './lesson-need.js';
import { amendNeed, endorseNeed, extendNeed, publishNeed, returnNeed, submitNeed } from './need-publication.js';
import { Need, NeedRevised } from './need.js';

const reason = { code: 'more_schools', text: 'Twelve more schools were added.' };
const newId = () => id(900);

describe('submitNeed', () => {
  it('names the focal points of the country', () => {
    given(Need, [drafted])
      .when((need) => submitNeed(need, day(-5), [DIGITAL_OFFICE]))
      .then(NeedSubmitted({ organisationId: MINISTRY, title: CONTENT.title, country: 'MW', endorserIds: [DIGITAL_OFFICE] }));
  });

  it('refuses a draft with gaps, and names them', () => {
    given(Need, [drafted, NeedRevised({ changes: { sdgTargets: [] } })])
      .when((need) => submitNeed(need, day(-5), []))
      .refused('incomplete', { gaps: [expect.objectContaining({ code: 'sdg_target_missing' })] });
  });

  it('is possible once', () => {
    given(Need, [drafted, submitted])
      .when((need) => submitNeed(need, day(-5), []))
      .refused('wrong_state');
  });
});

describe('endorseNeed and returnNeed', () => {
  it('endorses in the name of the focal point', () => {
    given(Need, [drafted, submitted])
      .when((need) => endorseNeed(need, { person: id(130), organisation: DIGITAL_OFFICE }))
      .then(NeedEndorsed({ organisationId: MINISTRY, endorserId: DIGITAL_OFFICE }));
  });

  it('refuses a person who wrote the need (R22)', () => {
    given(Need, [drafted, submitted])
      .when((need) => endorseNeed(need, { person: OFFICER, organisation: DIGITAL_OFFICE }))
      .refused('own_work');
  });

  it('refuses an endorsement of what was not submitted', () => {
    given(Need, [drafted])
      .when((need) => endorseNeed(need, { person: id(130), organisation: DIGITAL_OFFICE }))
      .refused('wrong_state');
  });

  it('returns to draft; a second round starts without the old endorsement', () => {
    const returned = NeedReturned({ organisationId: MINISTRY, reason });
    const state = given(Need, [drafted, submitted])
      .when((need) => returnNeed(need, reason))
      .then(returned);
    expect(state).toMatchObject({ status: 'draft', reason });
    expect(given(Need, [drafted, submitted, endorsed, submitted]).state.endorsedBy).toBeUndefined();
  });
});

describe('publishNeed', () => {
  it('publishes an endorsed need with its lines and criteria', () => {
    const state = given(Need, [drafted, submitted, endorsed])
      .when((need) => publishNeed(need, day(0), [DIGITAL_OFFICE]))
      .then(publishedEvent);
    expect(state.status).toBe('published');
  });

  it('waits for endorsement where the country asks (R21)', () => {
    given(Need, [drafted, submitted])
      .when((need) => publishNeed(need, day(0), [DIGITAL_OFFICE]))
      .refused('endorsement_required');
  });

  it('needs none where the country does not ask', () => {
    given(Need, [drafted, submitted])
      .when((need) => publishNeed(need, day(0), []))
      .then(publishedEvent);
  });

  it('refuses when a date passed meanwhile', () => {
    given(Need, [drafted, submitted, endorsed])
      .when((need) => publishNeed(need, day(30), []))
      .refused('incomplete');
  });
});

describe('amendNeed', () => {
  const [funding, ...others] = LINES;

  it('raises a target and adds a line', () => {
    const lines = [
      { ...funding!, target: 70_000_000 },
      ...others,
      { kind: 'in_kind', title: 'Racks', unit: 'item', target: 60, recipient: 'lead' } as const,
    ];
    const settled = [...lines.slice(0, 4), { ...lines[4]!, lineId: id(900) }];
    const state = given(Need, publishedPast)
      .when((need) => amendNeed(need, { reason, lines }, day(2), newId))
      .then(NeedAmended({ organisationId: MINISTRY, reason, lines: settled as typeof LINES }));
    expect(state.content.lines).toHaveLength(5);
    expect(state.content.title).toBe(CONTENT.title);
  });

  it.each([
    ['a lower target', { target: 1 }],
    ['another unit', { unit: 'EUR' }],
    ['another recipient', { recipient: 'owner' as const }],
    ['a higher minimum', { minimum: 50_000_000 }],
  ])('refuses %s', (_what, change) => {
    given(Need, publishedPast)
      .when((need) => amendNeed(need, { reason, lines: [{ ...funding!, ...change }, ...others] }, day(2), newId))
      .refused('line_fixed', { lineId: funding!.lineId });
  });

  it('refuses to drop a line, to change nothing, or to close intake in the past', () => {
    given(Need, publishedPast)
      .when((need) => amendNeed(need, { reason, lines: others }, day(2), newId))
      .refused('line_fixed');
    given(Need, publishedPast)
      .when((need) => amendNeed(need, { reason }, day(2), newId))
      .refused('nothing_changed');
    given(Need, publishedPast)
      .when((need) => amendNeed(need, { reason, intakeClosesAt: day(1) }, day(2), newId))
      .refused('dates_out_of_order');
  });

  it('is possible while published only', () => {
    given(Need, matchingPast)
      .when((need) => amendNeed(need, { reason, title: 'B' }, day(22), newId))
      .refused('wrong_state');
  });
});

describe('extendNeed', () => {
  it('opens intake again', () => {
    const state = given(Need, matchingPast)
      .when((need) => extendNeed(need, { reason, intakeClosesAt: day(40) }, day(22)))
      .then(NeedExtended({ organisationId: MINISTRY, reason, intakeClosesAt: day(40), validUntil: day(120) }));
    expect(state).toMatchObject({ status: 'published', content: { intakeClosesAt: day(40) } });
  });

  it('keeps the dates in order', () => {
    given(Need, matchingPast)
      .when((need) => extendNeed(need, { reason, intakeClosesAt: day(130) }, day(22)))
      .refused('dates_out_of_order');
  });
});
