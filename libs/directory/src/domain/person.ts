import { ApiTokenIssued, ApiTokenRevoked, PersonRegistered, PlatformRolesSet, SessionsEnded } from '@concord/contracts';
import { defineAggregate, PLATFORM_ROLES, Refused, type DomainEvent, type EventOf, type PlatformRole } from '@concord/kernel';
import type { OrganisationState } from './organisation.js';

/** Most tokens of a person that were not revoked, expired ones included: each is part of the state. */
export const TOKENS_MAX = 50;

/** A person, as events tell: no name, no address (R48). */
export interface PersonState {
  readonly personId: string;
  readonly platformRoles: readonly PlatformRole[];
  /** Digest by id of each token that was not revoked. */
  readonly tokens: Readonly<Record<string, string>>;
}

/** Somebody who can sign in. */
export const Person = defineAggregate({
  kind: 'person',
  initial: { personId: '', platformRoles: [], tokens: {} } as PersonState,
  events: [PersonRegistered, PlatformRolesSet, SessionsEnded, ApiTokenIssued, ApiTokenRevoked],
  evolve: {
    PersonRegistered: (state, { personId }) => ({ ...state, personId }),
    PlatformRolesSet: (state, { roles }) => ({ ...state, platformRoles: roles }),
    SessionsEnded: (state) => state,
    ApiTokenIssued: (state, { tokenId, digest }) => ({ ...state, tokens: { ...state.tokens, [tokenId]: digest } }),
    ApiTokenRevoked: (state, { tokenId }) => ({
      ...state,
      tokens: Object.fromEntries(Object.entries(state.tokens).filter(([other]) => other !== tokenId)),
    }),
  },
});

/**
 * Sets the platform roles of another person. The actor has to be a registrar in the log at this moment, and nobody changes
 * their own roles: so at least one registrar remains, however many act at once.
 */
export function setPlatformRoles(person: PersonState, actor: PersonState, roles: readonly PlatformRole[]): DomainEvent[] {
  if (person.personId === '') throw new Refused('not_found', 'There is no such person.');
  if (!actor.platformRoles.includes('registrar')) throw new Refused('forbidden', 'Only a registrar sets platform roles.');
  if (person.personId === actor.personId) throw new Refused('same_person', 'Another registrar has to change your platform roles.');
  const ordered = PLATFORM_ROLES.filter((role) => roles.includes(role));
  const before = PLATFORM_ROLES.filter((role) => person.platformRoles.includes(role));
  return ordered.join() === before.join() ? [] : [PlatformRolesSet({ roles: ordered })];
}

/** Issues a token to act for one organisation, of which the person is a member; what it may do never exceeds the person's roles there. */
export function issueToken(
  person: PersonState,
  organisation: OrganisationState,
  token: EventOf<typeof ApiTokenIssued>['data'],
): DomainEvent {
  if (!Object.hasOwn(organisation.members, person.personId)) {
    throw new Refused('not_found', 'You are not a member of this organisation.', { organisationId: token.organisationId });
  }
  if (Object.keys(person.tokens).length >= TOKENS_MAX) {
    throw new Refused('too_many', `You may have at most ${TOKENS_MAX} tokens. Revoke old ones first.`, { max: TOKENS_MAX });
  }
  return ApiTokenIssued(token);
}

/** Revokes a token of this person; nothing happens when that was done before. */
export function revokeToken(person: PersonState, tokenId: string): DomainEvent[] {
  const digest = Object.hasOwn(person.tokens, tokenId) ? person.tokens[tokenId] : undefined;
  return digest === undefined ? [] : [ApiTokenRevoked({ tokenId, digest })];
}
