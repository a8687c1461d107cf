import {
  ApiTokenIssued,
  ApiTokenRevoked,
  DIRECTORY_EVENTS,
  MembershipGranted,
  MembershipRevoked,
  OrganisationRegistered,
  OrganisationReinstated,
  OrganisationSuspended,
  OrganisationVerified,
  PersonRegistered,
  PlatformRolesSet,
  SessionsEnded,
  SigningKeyPublished,
  SigningKeyRetired,
  VerificationExpired,
  VerificationInformationAsked,
  VerificationRejected,
  VerificationRequested,
  type PublicJwk,
} from '@concord/contracts';
import type { EventDefinition, EventOf, OrganisationRole, PlatformRole, Standing } from '@concord/kernel';

/** One row of a service's replica of "who may act": what the edge needs to turn a token into a subject, and no more. */
export type StandingChange =
  | { readonly table: 'organisation'; readonly id: string; readonly standing: Standing }
  /** No roles: not a member any more. */
  | {
      readonly table: 'membership';
      readonly organisation: string;
      readonly person: string;
      readonly roles: readonly OrganisationRole[];
    }
  | { readonly table: 'person'; readonly person: string; readonly platformRoles: readonly PlatformRole[] }
  | {
      readonly table: 'token';
      readonly digest: string;
      readonly tokenId: string;
      readonly person: string;
      readonly organisation: string;
      readonly scopes: readonly string[];
      /** Real time, RFC 3339 UTC. */
      readonly expiresAt: string;
    }
  | { readonly table: 'token_revoked'; readonly digest: string }
  | { readonly table: 'session_ended'; readonly sessionId: string }
  | { readonly table: 'key'; readonly kid: string; readonly publicJwk: PublicJwk }
  | { readonly table: 'key_retired'; readonly kid: string };

/** The part of a public event that counts here. */
export interface StandingEvent {
  /** `concord.directory.<EventKind>` */
  readonly type: string;
  /** Stream of the event: the organisation, the person or the key. */
  readonly subject: string;
  readonly time: string;
  readonly data: unknown;
}

const CONTEXT = 'concord.directory.';
const known: ReadonlyMap<string, EventDefinition> = new Map(
  DIRECTORY_EVENTS.map((event): [string, EventDefinition] => [event.kind, event]),
);

type Step<Data> = (subject: string, data: Data) => readonly StandingChange[];
const steps = new Map<string, Step<never>>();

function on<Definition extends EventDefinition>(definition: Definition, step: Step<EventOf<Definition>['data']>): void {
  steps.set(definition.kind, step);
}

const stands =
  (standing: Standing): Step<unknown> =>
  (id) => [{ table: 'organisation', id, standing }];

on(OrganisationRegistered, stands('unverified'));
on(VerificationRequested, stands('pending'));
on(VerificationInformationAsked, stands('unverified'));
on(OrganisationVerified, stands('verified'));
on(VerificationRejected, stands('rejected'));
on(OrganisationSuspended, stands('suspended'));
on(OrganisationReinstated, stands('verified'));
on(VerificationExpired, stands('expired'));
on(MembershipGranted, (organisation, { personId, roles }) => [{ table: 'membership', organisation, person: personId, roles }]);
on(MembershipRevoked, (organisation, { personId }) => [{ table: 'membership', organisation, person: personId, roles: [] }]);
on(PersonRegistered, (person) => [{ table: 'person', person, platformRoles: [] }]);
on(PlatformRolesSet, (person, { roles }) => [{ table: 'person', person, platformRoles: roles }]);
on(SessionsEnded, (_person, { sessionIds }) => sessionIds.map((sessionId) => ({ table: 'session_ended', sessionId })));
on(ApiTokenIssued, (person, { organisationId, ...token }) => [{ table: 'token', person, organisation: organisationId, ...token }]);
on(ApiTokenRevoked, (_person, { digest }) => [{ table: 'token_revoked', digest }]);
on(SigningKeyPublished, (_key, { kid, publicJwk }) => [{ table: 'key', kid, publicJwk }]);
on(SigningKeyRetired, (_key, { kid }) => [{ table: 'key_retired', kid }]);

/** Kinds of event that change who may act: what a replica has to follow. */
export const STANDING_KINDS: readonly string[] = [...steps.keys()];

/**
 * What a public event changes in the replica; nothing for events that do not concern it. Applying the changes of every stream in
 * its order gives the directory's current answer, and applying a change twice is harmless. Throws a `ZodError` when the payload
 * of a known kind does not fit the contract.
 */
export function standingChanges(event: StandingEvent): readonly StandingChange[] {
  if (!event.type.startsWith(CONTEXT)) return [];
  const kind = event.type.slice(CONTEXT.length);
  const step = steps.get(kind);
  const definition = known.get(kind);
  if (!step || !definition) return [];
  return step(event.subject, definition.parse(event.data, definition.version) as never);
}
