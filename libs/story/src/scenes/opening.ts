import {
  InvitationMade,
  MembershipAnswer,
  NeedFunding,
  NeedReadiness,
  NeedResource,
  PersonReference,
  PlatformRolesAnswer,
  PublicOrganisation,
} from '@concord/contracts';
import { createClient } from '@concord/client';
import { CAST, emailOf, MEMBERS, ORGANISATIONS, SHARED_PASSWORD, type ActorKey, type OrganisationKey } from '../cast.js';
import { CRITERIA, LINES } from '../figures.js';
import { Person } from '../people.js';
import type { Stage } from '../stage.js';
import type { Step } from '../step.js';

const SECOND_REGISTRAR = 'Registrar Two';

async function register(stage: Stage, key: ActorKey, name: string): Promise<Person> {
  const account = { name, email: emailOf(key, stage.prefix), password: SHARED_PASSWORD };
  const { body } = await createClient({ baseUrl: stage.baseUrl }).post('/people', { body: account });
  PersonReference.parse(body);
  return Person.signIn(stage.baseUrl, account);
}

/** Everybody registers and signs in; the first registrar makes the second one. */
async function gather(stage: Stage): Promise<void> {
  const [second, ...members] = await Promise.all([
    register(stage, 'registrar2', SECOND_REGISTRAR),
    ...MEMBERS.map(({ key, name }) => register(stage, key, name)),
  ]);
  stage.enter('registrar2', second!);
  MEMBERS.forEach(({ key }, index) => stage.enter(key, members[index]!));
  await stage.post('registrar', `/people/${second!.id}/set-platform-roles`, { roles: ['registrar'] }, PlatformRolesAnswer);
}

const identifierOf = (stage: Stage, key: OrganisationKey): string =>
  `${CAST[key].register}-${1_000 + ORGANISATIONS.indexOf(key)}${stage.prefix.toUpperCase()}`;

/** An organisation with its people: the one who registers it is its admin, gives themselves a say, and invites the second. */
async function found(stage: Stage, key: OrganisationKey): Promise<void> {
  const { people, register: _register, ...profile } = CAST[key];
  const made = await stage.post(key, '/organisations', { ...profile, identifier: identifierOf(stage, key) }, PublicOrganisation);
  stage.keep(`organisation ${key}`, made.id);
  stage.enter(key, stage.who(key).actingFor(key, made.id));
  await stage.post(
    key,
    `/organisations/${made.id}/set-roles`,
    { personId: stage.who(key).id, roles: ['admin', 'approver'] },
    PublicOrganisation,
  );
  if (people.length === 1) return;
  const second = `${key}2` as const;
  const email = emailOf(second, stage.prefix);
  const invitation = await stage.post(key, `/organisations/${made.id}/invite`, { email, roles: ['approver'] }, InvitationMade);
  await stage.post(second, `/invitations/${invitation.id}/accept`, { token: invitation.token }, MembershipAnswer);
  stage.enter(second, stage.who(second).actingFor(key, made.id));
}

async function verify(stage: Stage, key: OrganisationKey): Promise<void> {
  const path = `/organisations/${stage.org(key)}`;
  const checklist = {
    legalExistence: `Entry of ${CAST[key].name} in its register`,
    identifier: identifierOf(stage, key),
    contact: { name: CAST[key].people[0], email: emailOf(key, stage.prefix) },
    sanctions: { checkedOn: stage.date(-1), source: 'UN consolidated list', result: 'clear' },
    signatories: [...CAST[key].people],
  };
  await stage.post(key, `${path}/request-verification`, checklist, PublicOrganisation);
  const first = await stage.post('registrar', `${path}/verify`, {}, PublicOrganisation);
  if (first.standing !== 'pending') stage.check(`${CAST[key].name} waits for the second registrar`, first.standing, 'pending');
  await stage.post('registrar2', `${path}/verify`, {}, PublicOrganisation);
}

async function draft(stage: Stage): Promise<void> {
  const need = await stage.post(
    'ministry',
    '/needs',
    {
      title: 'Offline lessons, 60 schools',
      summary: 'Sixty rural schools without a steady connection need lessons that work offline, and 360 teachers who can use them.',
      language: 'en',
      needType: 'technical_assistance',
      country: 'MW',
      regions: ['MW-ZO', 'MW-MG'],
      sdgTargets: ['4.a'],
      useCase: 'Remote Learning',
      buildingBlocks: ['eLearning', 'Content management'],
      solutions: ['MeadowLearn'],
      lines: Object.values(LINES),
      criteria: CRITERIA,
      intakeClosesAt: stage.instant(21),
      validUntil: stage.instant(120),
    },
    NeedResource,
  );
  stage.keep('need', need.id);
  need.lines.forEach(({ lineId }, index) => stage.keep(`L${index + 1}`, lineId));
  need.criteria.forEach(({ criterionId }, index) => stage.keep(`criterion ${index + 1}`, criterionId));
  const asked = (gaps: readonly { code: string }[]) => gaps.map(({ code }) => code).join();
  const path = `/needs/${need.id}/readiness`;
  const readiness = await stage.eventually(path, NeedReadiness, ({ gaps }) => asked(gaps) === 'endorsement_required', 'ministry');
  stage.check('All that is missing is the endorsement', readiness.gaps.length, 1);
}

async function publish(stage: Stage): Promise<void> {
  const need = `/needs/${stage.the('need')}`;
  await stage.post('ministry2', `${need}/publish`, {}, NeedResource);
  const { lines } = await stage.eventually(`${need}/funding`, NeedFunding, (seen) => seen.lines.length === 4);
  stage.check(
    'L1 to L4 are open, nothing is pledged',
    lines.map(({ kind, target, pledged }) => [kind, target, pledged]),
    [
      ['funding', LINES.L1.target, 0],
      ['expertise', 1_600, 0],
      ['in_kind', 240, 0],
      ['data', 1, 0],
    ],
  );
  await stage.told('ministry', 'NeedPublished', 'owner');
}

/** From the first account to the published need (domain.md section 6, steps 1 to 3). */
export const opening: readonly Step[] = [
  { day: -1, title: 'Twenty-two people and a second registrar sign up', actor: 'registrar', play: gather },
  {
    day: -1,
    title: 'Sixteen organisations register, each with its approvers',
    actor: 'ministry',
    async play(stage) {
      await Promise.all(ORGANISATIONS.map((key) => found(stage, key)));
      await stage.listen();
    },
  },
  {
    day: -1,
    title: 'Two registrars verify all sixteen',
    actor: 'registrar',
    async play(stage) {
      await Promise.all(ORGANISATIONS.map((key) => verify(stage, key)));
      const seen = await Promise.all(ORGANISATIONS.map((key) => stage.get(`/organisations/${stage.org(key)}`, PublicOrganisation)));
      stage.check('Verified organisations', seen.filter(({ standing }) => standing === 'verified').length, 16);
      await Promise.all(ORGANISATIONS.map((key) => stage.told(key, 'OrganisationVerified', 'decision')));
    },
  },
  {
    day: -1,
    title: 'The registrars make the National Digital Office the focal point of MW',
    actor: 'registrar',
    async play(stage) {
      const path = `/organisations/${stage.org('office')}/designate-focal-point`;
      const { focalCountries } = await stage.post('registrar', path, { countries: ['MW'] }, PublicOrganisation);
      stage.check('Countries the office endorses for', focalCountries, ['MW']);
    },
  },
  { day: -1, title: 'The Ministry drafts the need: four lines, five weighted criteria', actor: 'ministry', play: draft },
  {
    day: 0,
    title: 'The Ministry submits; publication waits for the focal point',
    actor: 'ministry',
    async play(stage) {
      const need = `/needs/${stage.the('need')}`;
      const { endorserIds } = await stage.post('ministry', `${need}/submit`, {}, NeedResource);
      stage.check('The office is asked to endorse', endorserIds.includes(stage.org('office')), true);
      await stage.told('office', 'NeedSubmitted', 'assigned');
      await stage.refused('ministry2', `${need}/publish`, {}, 'endorsement_required');
    },
  },
  {
    day: 0,
    title: "The office endorses in the country's name",
    actor: 'office',
    async play(stage) {
      await stage.post('office', `/needs/${stage.the('need')}/endorse`, {}, NeedResource);
      await stage.told('ministry', 'NeedEndorsed', 'decision');
    },
  },
  { day: 0, title: 'The Ministry publishes; the four lines open', actor: 'ministry', play: publish },
];
