import type { OrganisationRole } from '@concord/kernel';
import type { Actor } from '@concord/testing';
import { ADMINISTRATOR, PlatformUnderAttack, type Session } from './platform-under-attack.js';
import { playStory, type Objects } from './objects.js';

/** Organisations of the world; the first three are in its objects, the rest have nothing to do with them. */
const ORGANISATIONS = ['owner', 'lead', 'funder', 'stranger', 'unverified', 'suspended'] as const;
/** Key of an organisation of the world. */
export type OrganisationKey = (typeof ORGANISATIONS)[number];

/** Who acts: the first or second approver of an organisation, a viewer, a registrar, a reviewer of the need. */
export type MemberKey = OrganisationKey | keyof typeof SECOND | 'registrar' | 'registrar2' | 'reviewer' | 'reviewer2';

/** Further members: approvers, and viewers where the name says so. */
const SECOND = { owner2: 'owner', ownerViewer: 'owner', lead2: 'lead', funder2: 'funder', strangerViewer: 'stranger' } as const;

/** Everybody signed in, every kind of object made. */
export interface World {
  readonly on: PlatformUnderAttack;
  readonly organisations: Readonly<Record<OrganisationKey, string>>;
  readonly sessions: Readonly<Record<MemberKey, Session>>;
  readonly objects: Objects;
  as(member: MemberKey): Actor;
}

const checklist = (organisation: string) => ({
  legalExistence: 'Entry zzsecret of the register',
  identifier: `GB-CHC-${organisation}`,
  contact: { name: 'Zzsecret Phiri', email: 'zzsecret@harbourlight.example' },
  sanctions: { checkedOn: '2026-01-01', source: 'UN consolidated list', result: 'clear' },
  signatories: ['Zzsecret Phiri'],
});

/** Registers an organisation; its founder gets every role. */
async function found(on: PlatformUnderAttack, founder: Session, name: string): Promise<string> {
  const { body } = await on.as(founder).ok('/organisations', { name: `The ${name}`, type: '60' });
  const roles = ['admin', 'approver'];
  await on.platform.settled();
  await on.as(founder, body.id).ok(`/organisations/${body.id}/set-roles`, { personId: founder.person, roles });
  await on.platform.settled();
  return body.id;
}

async function join(
  on: PlatformUnderAttack,
  admin: Actor,
  organisation: string,
  person: Session,
  roles: OrganisationRole[],
): Promise<void> {
  const { body } = await admin.ok(`/organisations/${organisation}/invite`, { email: 'zzsecret@concord.example', roles });
  await on.as(person).ok(`/invitations/${body.id}/accept`, { token: body.token });
}

async function verify(on: PlatformUnderAttack, registrars: readonly Session[], admin: Actor, organisation: string): Promise<void> {
  await admin.ok(`/organisations/${organisation}/request-verification`, checklist(organisation));
  for (const registrar of registrars) await on.as(registrar).ok(`/organisations/${organisation}/verify`);
}

const reason = { code: 'spec', text: 'Because the spec says so.' };

async function registerEverybody(on: PlatformUnderAttack): Promise<Record<MemberKey, Session>> {
  const names = [...ORGANISATIONS, ...Object.keys(SECOND), 'registrar2', 'reviewer', 'reviewer2'];
  const sessions = await Promise.all(names.map(async (name) => [name, await on.register(name)] as const));
  const registrar = await on.signIn(ADMINISTRATOR);
  const everybody = { ...Object.fromEntries(sessions), registrar } as Record<MemberKey, Session>;
  await on.as(registrar).ok(`/people/${everybody.registrar2.person}/set-platform-roles`, { roles: ['registrar'] });
  await on.platform.settled();
  return everybody;
}

/** Starts the platform and plays what the matrix and the hostile inputs need, through the API alone. */
export async function buildWorld(): Promise<World> {
  const on = await PlatformUnderAttack.start();
  try {
    return await populate(on);
  } catch (error) {
    await on.stop();
    throw error;
  }
}

async function populate(on: PlatformUnderAttack): Promise<World> {
  const sessions = await registerEverybody(on);
  const registrars = [sessions.registrar, sessions.registrar2];
  const ids = await Promise.all(ORGANISATIONS.map(async (key) => [key, await found(on, sessions[key], key)] as const));
  const organisations = Object.fromEntries(ids) as Record<OrganisationKey, string>;
  const admin = (key: OrganisationKey): Actor => on.as(sessions[key], organisations[key]);
  for (const [member, key] of Object.entries(SECOND) as [keyof typeof SECOND, OrganisationKey][]) {
    await join(on, admin(key), organisations[key], sessions[member], [member.endsWith('Viewer') ? 'viewer' : 'approver']);
  }
  for (const key of ORGANISATIONS) if (key !== 'unverified') await verify(on, registrars, admin(key), organisations[key]);
  for (const registrar of registrars) await on.as(registrar).ok(`/organisations/${organisations.suspended}/suspend`, { reason });
  await on.platform.settled();
  const as = (member: MemberKey): Actor => {
    const key =
      (SECOND as Partial<Record<MemberKey, OrganisationKey>>)[member] ??
      (member in organisations ? (member as OrganisationKey) : undefined);
    return on.as(sessions[member], key && organisations[key]);
  };
  const objects = await playStory({ on, organisations, sessions, as });
  return { on, organisations, sessions, objects, as };
}
