import { DIRECTORY_EVENTS } from '@concord/contracts';
import { defineService, type ServiceDefinition, type StartTools } from '@concord/platform';
import { issueApiToken, listTokens, revokeApiToken } from './api-tokens.js';
import { leaveOrganisation, removeMember, setMemberRoles, withdrawAnInvitation } from './change-membership.js';
import { changePassword } from './change-password.js';
import { askForInformation, expireVerifications, rejectAnOrganisation, verifyAnOrganisation } from './decide-verification.js';
import { designateAFocalPoint } from './designate-focal-point.js';
import { Person } from './domain/person.js';
import { SigningKey } from './domain/signing-key.js';
import { ensureAdministrator, type Administrator } from './first-administrator.js';
import { accept, invite, listInvitations } from './invitations.js';
import { getVerification, listMembers } from './members.js';
import { migrations } from './migrations.js';
import { listOrganisations, organisations } from './organisations.js';
import { getMe, getPerson, listPeople } from './people.js';
import { published } from './published.js';
import { registerAnOrganisation } from './register-organisation.js';
import { registerPerson } from './register-person.js';
import { requestVerificationOfOrganisation } from './request-verification.js';
import { reviseAnOrganisation } from './revise-organisation.js';
import { setRolesOnPlatform } from './set-platform-roles.js';
import { endSession, listSessions, refreshSession, signIn } from './sign-in.js';
import { ensureSigningKey, getJwks } from './signing-keys.js';
import { reinstateAnOrganisation, suspendAnOrganisation } from './suspend-organisation.js';
import { directoryTables } from './tables.js';

/** What a composition may set. */
export interface DirectorySettings {
  /** The first administrator, made at the start when there is no such account. */
  readonly administrator?: Administrator;
  /** Called when this start has made it. */
  readonly made?: () => void;
}

/** The directory: organisations, people, verification, sign-in, tokens. */
export const directory = defineService({
  name: 'directory',
  resources: [organisations],
  aggregates: [Person, SigningKey],
  commands: [
    registerAnOrganisation,
    reviseAnOrganisation,
    requestVerificationOfOrganisation,
    askForInformation,
    verifyAnOrganisation,
    rejectAnOrganisation,
    suspendAnOrganisation,
    reinstateAnOrganisation,
    designateAFocalPoint,
    setMemberRoles,
    removeMember,
    leaveOrganisation,
    withdrawAnInvitation,
  ],
  queries: [
    listOrganisations,
    listMembers,
    getVerification,
    listInvitations,
    getMe,
    getPerson,
    listPeople,
    listSessions,
    listTokens,
    getJwks,
  ],
  actions: [
    registerPerson,
    setRolesOnPlatform,
    changePassword,
    signIn,
    refreshSession,
    endSession,
    invite,
    accept,
    issueApiToken,
    revokeApiToken,
  ],
  reactions: [],
  projections: [],
  schedules: [expireVerifications],
  migrations,
  tables: directoryTables,
  published,
  publishes: DIRECTORY_EVENTS,
  start: ensureSigningKey,
});

/** The directory with the settings of a composition. */
export const directoryWith = ({ administrator, made }: DirectorySettings): ServiceDefinition => ({
  ...directory,
  start: async (tools: StartTools) => {
    await ensureSigningKey(tools);
    if (administrator && (await ensureAdministrator(tools, administrator))) made?.();
  },
});
