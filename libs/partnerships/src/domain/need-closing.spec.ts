import { NeedAwardFinalised, NeedClosed, NeedExpired, NeedIntakeClosed, NeedPartnered, NeedWithdrawn } from '@concord/contracts';
import { given } from '@concord/testing';
import { day, drafted, id, LANTERN, matchingPast, MINISTRY, publishedPast } from './lesson-need.js';
import {
  closeIntake,
  closeNeed,
  closeWithProject,
  expireNeed,
  finaliseAward,
  intakeIsDue,
  partnerNeed,
  withdrawNeed,
} from './need-closing.js';
import { Need } from './need.js';

const reason = { code: 'no_budget', text: 'The budget was cut.' };
const award = { proposalId: id(2), leadId: LANTERN, projectId: id(50) };
const partnered = [...matchingPast, [NeedPartnered({ organisationId: MINISTRY, ...award }), { at: day(35) }] as const];
const finalised = NeedAwardFinalised({ organisationId: MINISTRY, ...award });

describe('closing intake', () => {
  it('leads from published to matching', () => {
    const state = given(Need, publishedPast)
      .when((need) => closeIntake(need, [id(2)]))
      .then(NeedIntakeClosed({ organisationId: MINISTRY, proposalIds: [id(2)] }));
    expect(state.status).toBe('matching');
  });

  it('is due on day 21', () => {
    const { state } = given(Need, publishedPast);
    expect(intakeIsDue(state, day(20))).toBe(false);
    expect(intakeIsDue(state, day(21))).toBe(true);
    expect(intakeIsDue(given(Need, matchingPast).state, day(21))).toBe(false);
  });
});

describe('the award', () => {
  it('goes to one proposal (R28)', () => {
    given(Need, matchingPast)
      .when((need) => partnerNeed(need, award))
      .then(NeedPartnered({ organisationId: MINISTRY, ...award }));
    given(Need, partnered)
      .when((need) => partnerNeed(need, { ...award, proposalId: id(3) }))
      .refused('wrong_state');
  });

  it('is final ten days later, once', () => {
    given(Need, partnered)
      .when((need) => finaliseAward(need, day(44)))
      .then();
    const state = given(Need, partnered)
      .when((need) => finaliseAward(need, day(45)))
      .then(finalised);
    expect(state.award).toMatchObject({ final: true, partneredAt: day(35), finalFrom: day(45) });
    given(Need, [...partnered, finalised])
      .when((need) => finaliseAward(need, day(50)))
      .then();
  });

  it('is not made final after the need closed', () => {
    const closed = NeedClosed({ organisationId: MINISTRY, outcome: 'cancelled', reason });
    given(Need, [...partnered, closed])
      .when((need) => finaliseAward(need, day(50)))
      .then();
  });
});

describe('the end of a need', () => {
  it('comes by its owner from matching', () => {
    given(Need, matchingPast)
      .when((need) => closeNeed(need, { outcome: 'no_candidate', reason }))
      .then(NeedClosed({ organisationId: MINISTRY, outcome: 'no_candidate', reason }));
    given(Need, publishedPast)
      .when((need) => closeNeed(need, { outcome: 'cancelled', reason }))
      .refused('wrong_state');
  });

  it('comes with its project', () => {
    given(Need, partnered)
      .when((need) => closeWithProject(need, id(50)))
      .then(NeedClosed({ organisationId: MINISTRY, outcome: 'partners' }));
    given(Need, partnered)
      .when((need) => closeWithProject(need, id(50), reason))
      .then(NeedClosed({ organisationId: MINISTRY, outcome: 'cancelled', reason }));
  });

  it('does not come with another project, or twice', () => {
    given(Need, partnered)
      .when((need) => closeWithProject(need, id(51)))
      .then();
    const closed = NeedClosed({ organisationId: MINISTRY, outcome: 'partners' });
    given(Need, [...partnered, closed])
      .when((need) => closeWithProject(need, id(50)))
      .then();
  });

  it('comes by withdrawal until somebody was accepted', () => {
    given(Need, [drafted])
      .when((need) => withdrawNeed(need, reason))
      .then(NeedWithdrawn({ organisationId: MINISTRY, reason }));
    given(Need, matchingPast)
      .when((need) => withdrawNeed(need, reason))
      .then(NeedWithdrawn({ organisationId: MINISTRY, reason }));
    given(Need, partnered)
      .when((need) => withdrawNeed(need, reason))
      .refused('wrong_state');
  });

  it('comes by itself: a draft after 180 idle days, an open need at validUntil', () => {
    const expired = NeedExpired({ organisationId: MINISTRY });
    given(Need, [drafted])
      .when((need) => expireNeed(need, day(169)))
      .then();
    given(Need, [drafted])
      .when((need) => expireNeed(need, day(170)))
      .then(expired);
    given(Need, publishedPast)
      .when((need) => expireNeed(need, day(119)))
      .then();
    given(Need, publishedPast)
      .when((need) => expireNeed(need, day(120)))
      .then(expired);
    given(Need, matchingPast)
      .when((need) => expireNeed(need, day(120)))
      .then(expired);
    given(Need, partnered)
      .when((need) => expireNeed(need, day(500)))
      .then();
  });
});
