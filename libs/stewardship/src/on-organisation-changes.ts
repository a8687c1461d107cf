import {
  OrganisationRegistered,
  OrganisationReinstated,
  OrganisationRevised,
  OrganisationSuspended,
  OrganisationVerified,
  VerificationExpired,
  VerificationRejected,
} from '@concord/contracts';
import type { EventDefinition, Standing } from '@concord/kernel';
import { defineReaction } from '@concord/platform';
import { Party, PartyNamed, PartyStandingChanged } from './domain/party.js';

const ofOrganisation = ({ subject }: { readonly subject: string }) => [{ aggregate: Party, id: subject }];

/** A name to show beside signatures. */
const named = (name: string, on: typeof OrganisationRegistered | typeof OrganisationRevised) =>
  defineReaction({
    name,
    from: 'directory',
    on: on as EventDefinition<string, typeof OrganisationRevised.schema>,
    reads: ofOrganisation,
    decide(decision) {
      const { subject, data } = decision.event;
      const { state, version } = decision.read(Party, subject);
      if (version === 0 || state.name !== data.name) decision.append(Party, subject, PartyNamed({ name: data.name }));
    },
  });

const standing = (name: string, on: EventDefinition, to: Standing) =>
  defineReaction({
    name,
    from: 'directory',
    on,
    reads: ofOrganisation,
    decide: (decision) => decision.append(Party, decision.event.subject, PartyStandingChanged({ standing: to })),
  });

/** Names and standings of organisations, for the conditions of a start (R33) and for the plan's signers. */
export const organisationReactions = [
  named('on-organisation-registered', OrganisationRegistered),
  named('on-organisation-revised', OrganisationRevised),
  standing('on-organisation-verified', OrganisationVerified, 'verified'),
  standing('on-organisation-reinstated', OrganisationReinstated, 'verified'),
  standing('on-organisation-suspended', OrganisationSuspended, 'suspended'),
  standing('on-verification-rejected', VerificationRejected, 'rejected'),
  standing('on-verification-expired', VerificationExpired, 'expired'),
];
