import { NeedOrganisationInvited } from '@concord/contracts';
import { given } from '@concord/testing';
import { inviteOrganisation, INVITED_MAX } from './invitation.js';
import { BLUEFIN, CONTENT, drafted, id, MINISTRY, publishedPast } from './lesson-need.js';
import { Need } from './need.js';

const invited = (organisationId: string) => NeedOrganisationInvited({ organisationId, ownerId: MINISTRY, title: CONTENT.title });

describe('inviteOrganisation', () => {
  it('asks an organisation once', () => {
    given(Need, publishedPast)
      .when((need) => inviteOrganisation(need, BLUEFIN))
      .then(invited(BLUEFIN));
    given(Need, [...publishedPast, invited(BLUEFIN)])
      .when((need) => inviteOrganisation(need, BLUEFIN))
      .then();
  });

  it('is refused for the owner, for a draft, and beyond the limit', () => {
    given(Need, publishedPast)
      .when((need) => inviteOrganisation(need, MINISTRY))
      .refused('own_need');
    given(Need, [drafted])
      .when((need) => inviteOrganisation(need, BLUEFIN))
      .refused('wrong_state');
    const full = Array.from({ length: INVITED_MAX }, (_, n) => invited(id(1000 + n)));
    given(Need, [...publishedPast, ...full])
      .when((need) => inviteOrganisation(need, BLUEFIN))
      .refused('invitations_full');
  });
});
