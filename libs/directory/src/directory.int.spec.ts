import { standingChanges } from '@concord/access';
import { Actor, testDatabase } from '@concord/testing';
import { AdjustableClock, Platform, provision, type HttpServer } from '@concord/platform';
import { directoryWith } from './index.js';

const PASSWORD = 'harbour lantern meadow';
const ADMINISTRATOR = { name: 'First Registrar', email: 'registrar@concord.example', password: PASSWORD };
const reason = { code: 'register_unclear', text: 'The register names another legal form.' };
const checklist = {
  legalExistence: 'Entry 1234567 of the Charity Commission',
  identifier: 'GB-CHC-1234567',
  contact: { name: 'Amina Phiri', email: 'amina@harbourlight.example' },
  sanctions: { checkedOn: '2026-01-01', source: 'UN consolidated list', result: 'clear' },
  signatories: ['Amina Phiri'],
};

let platform: Platform;
let http: HttpServer;
let url: string;
let drop: () => Promise<void>;
const clock = new AdjustableClock();
const faults: string[] = [];

beforeAll(async () => {
  const database = await testDatabase();
  drop = database.drop;
  platform = await Platform.start({
    services: [directoryWith({ administrator: ADMINISTRATOR })],
    accesses: await provision(database.url, ['directory']),
    clock,
    standingChanges,
    version: 'spec',
    rateLimit: { perSecond: 1e6, burst: 1e6 },
    failed: (where, error) => void faults.push(`${where}: ${String(error)}`),
  });
  http = await platform.http();
  url = `http://127.0.0.1:${await http.listen(0, '127.0.0.1')}`;
}, 60_000);

afterAll(async () => {
  await http.close();
  await platform.stop();
  await drop();
  expect(faults).toEqual([]);
});

const anonymous = () => new Actor(url, '', undefined, undefined);

interface Someone {
  readonly id: string;
  readonly token: string;
  as(organisation?: string): Actor;
}

async function signIn(email: string): Promise<Someone> {
  const { body } = await anonymous().ok('/sessions', { email, password: PASSWORD });
  const as = (organisation?: string) => new Actor(url, body.personId, organisation, body.accessToken);
  return { id: body.personId, token: body.accessToken, as };
}

let people = 0;

async function newPerson(name = 'Amina Phiri'): Promise<Someone> {
  people += 1;
  const email = `person-${people}@concord.example`;
  await anonymous().ok('/people', { name, email, password: PASSWORD });
  await platform.settled();
  return signIn(email);
}

async function newOrganisation(founder: Someone, fields: Record<string, unknown> = {}): Promise<string> {
  const { body } = await founder.as().ok('/organisations', { name: 'Harbourlight Foundation', type: '60', ...fields });
  await platform.settled();
  return body.id;
}

async function invitation(admin: Actor, organisation: string, roles: string[]): Promise<{ id: string; token: string }> {
  return (await admin.ok(`/organisations/${organisation}/invite`, { email: 'somebody@concord.example', roles })).body;
}

let registrars: [Someone, Someone];

async function verify(organisation: string): Promise<void> {
  for (const registrar of registrars) await registrar.as().ok(`/organisations/${organisation}/verify`);
  await platform.settled();
}

beforeAll(async () => {
  const first = await signIn(ADMINISTRATOR.email);
  const second = await newPerson('Second Registrar');
  await first.as().ok(`/people/${second.id}/set-platform-roles`, { roles: ['registrar'] });
  await platform.settled();
  registrars = [first, second];
});

describe('an organisation', () => {
  it('is registered by a person, who becomes its admin', async () => {
    const founder = await newPerson();
    const { status, body, etag } = await founder
      .as()
      .post('/organisations', { name: 'Open Meadow', type: '90', orgKind: 'open_source_community' });
    expect({ status, etag }).toEqual({ status: 201, etag: '"2"' });
    expect(body).toMatchObject({ name: 'Open Meadow', standing: 'unverified', focalCountries: [] });
    const me = await founder.as().get('/me');
    expect(me.body).toMatchObject({ id: founder.id, name: 'Amina Phiri', platformRoles: [] });
    expect(me.body.memberships).toEqual([
      {
        organisation: { id: body.id, name: 'Open Meadow', type: '90', standing: 'unverified', focalCountries: [] },
        roles: ['admin'],
      },
    ]);
    expect((await anonymous().get(`/organisations/${body.id}`)).status).toBe(200);
    expect((await anonymous().post('/organisations', { name: 'X', type: '90' })).status).toBe(401);
  });

  it('is verified by two registrars, and the checklist is theirs to see', async () => {
    const founder = await newPerson();
    const id = await newOrganisation(founder);
    const stranger = await newPerson();
    await founder.as(id).ok(`/organisations/${id}/request-verification`, checklist);
    expect((await registrars[0].as().get(`/organisations/${id}/verification`)).body.checklist).toEqual(checklist);
    expect((await founder.as(id).get(`/organisations/${id}/verification`)).status).toBe(200);
    expect((await stranger.as().get(`/organisations/${id}/verification`)).status).toBe(404);
    expect((await founder.as(id).post(`/organisations/${id}/verify`)).body.code).toBe('forbidden');

    const first = await registrars[0].as().ok(`/organisations/${id}/verify`);
    expect(first.body).toMatchObject({ standing: 'pending', pendingApproval: { of: 'verify:1' } });
    expect((await registrars[0].as().post(`/organisations/${id}/verify`)).body.code).toBe('same_person');
    const second = await registrars[1].as().ok(`/organisations/${id}/verify`);
    expect(second.body).toMatchObject({ standing: 'verified', identifier: checklist.identifier });

    const history = JSON.stringify((await anonymous().get(`/organisations/${id}/history`)).body);
    expect(history).toContain('OrganisationVerified');
    expect(history).not.toContain('Amina');
  });

  it('keeps its identifier to itself once verified', async () => {
    const founder = await newPerson();
    const id = await newOrganisation(founder, { name: 'Another' });
    await founder.as(id).ok(`/organisations/${id}/request-verification`, checklist);
    await registrars[0].as().ok(`/organisations/${id}/verify`);
    const second = await registrars[1].as().post(`/organisations/${id}/verify`);
    expect(second).toMatchObject({ status: 409, body: { code: 'identifier_taken' } });
  });

  it('is suspended and reinstated by two, and expires after 24 months', async () => {
    const founder = await newPerson();
    const id = await newOrganisation(founder);
    await founder.as(id).ok(`/organisations/${id}/request-verification`, { ...checklist, identifier: 'GB-CHC-2' });
    await verify(id);
    for (const registrar of registrars) await registrar.as().ok(`/organisations/${id}/suspend`, { reason });
    await platform.settled();
    const read = () => anonymous().get(`/organisations/${id}`);
    const suspended = await read();
    expect(suspended.body).toMatchObject({ standing: 'suspended', reason });
    expect((await founder.as(id).patch(`/organisations/${id}`, { acronym: 'HLF' }, suspended.etag!)).body.code).toBe('forbidden');
    for (const registrar of registrars) await registrar.as().ok(`/organisations/${id}/reinstate`, { reason });
    const { body, etag } = await read();
    expect(body.standing).toBe('verified');
    clock.moveTo(body.validUntil);
    await platform.runDue();
    expect((await read()).body.standing).toBe('expired');
    expect((await read()).etag).not.toBe(etag);
  });

  it('speaks for countries only once verified', async () => {
    const founder = await newPerson();
    const id = await newOrganisation(founder, { name: 'National Digital Office', type: '10', country: 'MW' });
    const designate = (countries: string[]) => registrars[0].as().post(`/organisations/${id}/designate-focal-point`, { countries });
    expect((await designate(['MW'])).body.code).toBe('wrong_state');
    await founder.as(id).ok(`/organisations/${id}/request-verification`, { ...checklist, identifier: 'MW-GOV-1' });
    await verify(id);
    expect((await designate(['MW'])).body.focalCountries).toEqual(['MW']);
    const found = await anonymous().get('/organisations?endorses=MW');
    expect(found.body.items.map((item: { id: string }) => item.id)).toEqual([id]);
  });

  it('revises its profile with If-Match', async () => {
    const founder = await newPerson();
    const id = await newOrganisation(founder);
    const revise = (body: unknown, etag: string) => founder.as(id).patch(`/organisations/${id}`, body, etag);
    const { etag } = await anonymous().get(`/organisations/${id}`);
    const revised = await revise({ acronym: 'HLF', capabilities: ['grant making'] }, etag!);
    expect(revised).toMatchObject({ status: 200, body: { acronym: 'HLF', capabilities: ['grant making'] } });
    expect((await revise({ acronym: null }, etag!)).status).toBe(412);
    expect((await revise({ sdgs: ['18'] }, revised.etag!)).body).toMatchObject({
      code: 'invalid',
      errors: [{ pointer: '/sdgs/0' }],
    });
    expect((await revise({ acronym: null }, revised.etag!)).body.acronym).toBeUndefined();
  });
});

describe('the membership', () => {
  it('grows by invitation and keeps an admin', async () => {
    const founder = await newPerson('Founder');
    const second = await newPerson('Second');
    const id = await newOrganisation(founder);
    const made = await invitation(founder.as(id), id, ['approver']);
    expect((await founder.as(id).get(`/organisations/${id}/invitations`)).body.items).toMatchObject([
      { id: made.id, email: 'somebody@concord.example' },
    ]);
    expect((await second.as().post(`/invitations/${made.id}/accept`, { token: 'x'.repeat(43) })).status).toBe(404);
    const accepted = await second.as().ok(`/invitations/${made.id}/accept`, { token: made.token });
    expect(accepted.body).toEqual({ organisationId: id, personId: second.id, roles: ['approver'] });
    // In one transaction: no crash comes between the membership and the answer that a repeated request gets.
    const together = await platform
      .context('directory')
      .database.query(`SELECT e.version FROM events e JOIN requests r ON r.xmin = e.xmin AND r.body = $2 WHERE e.stream = $1`, [
        id,
        JSON.stringify(accepted.body),
      ]);
    expect(together.length).toBeGreaterThan(0);
    const third = await newPerson('Third');
    expect((await third.as().post(`/invitations/${made.id}/accept`, { token: made.token })).body.code).toBe('invitation_used');

    const members = await second.as(id).get(`/organisations/${id}/members`);
    expect(members.body.items).toEqual([
      { personId: founder.id, name: 'Founder', roles: ['admin'] },
      { personId: second.id, name: 'Second', roles: ['approver'] },
    ]);
    expect((await third.as().get(`/organisations/${id}/members`)).status).toBe(404);
    expect((await second.as(id).post(`/organisations/${id}/set-roles`, { personId: second.id, roles: ['admin'] })).body.code).toBe(
      'forbidden',
    );
    expect((await founder.as(id).post(`/organisations/${id}/leave`)).body.code).toBe('last_admin');

    await founder.as(id).ok(`/organisations/${id}/set-roles`, { personId: second.id, roles: ['admin', 'approver'] });
    await founder.as(id).ok(`/organisations/${id}/leave`);
    await platform.settled();
    expect((await founder.as(id).get('/me')).status).toBe(401);
    expect((await founder.as().get('/me')).body.memberships).toEqual([]);
  });

  it('takes no invitation that was withdrawn or is too old', async () => {
    const founder = await newPerson();
    const guest = await newPerson();
    const id = await newOrganisation(founder);
    const [old, withdrawn] = [await invitation(founder.as(id), id, ['viewer']), await invitation(founder.as(id), id, ['viewer'])];
    await platform.context('directory').database.query(`UPDATE invitations SET expires_at = now() WHERE id = $1`, [old.id]);
    await founder.as(id).ok(`/organisations/${id}/withdraw-invitation`, { invitationId: withdrawn.id });
    const codes = [old, withdrawn].map(
      async ({ id, token }) => (await guest.as().post(`/invitations/${id}/accept`, { token })).body.code,
    );
    expect(await Promise.all(codes)).toEqual(['invitation_expired', 'invitation_used']);
  });

  it('of another organisation is out of reach for its admin', async () => {
    const ours = await newPerson();
    const theirs = await newPerson();
    const [ourId, theirId] = [await newOrganisation(ours), await newOrganisation(theirs)];
    expect(
      (await ours.as(ourId).post(`/organisations/${theirId}/invite`, { email: 'x@concord.example', roles: ['admin'] })).status,
    ).toBe(403);
    expect((await ours.as(ourId).post(`/organisations/${theirId}/set-roles`, { personId: ours.id, roles: ['admin'] })).status).toBe(
      403,
    );
    expect((await ours.as(theirId).get('/me')).status).toBe(401);
  });
});

describe('people', () => {
  it('are known by name to fellow members and registrars only', async () => {
    const [founder, fellow, stranger] = [await newPerson('Founder'), await newPerson('Fellow'), await newPerson('Stranger')];
    const id = await newOrganisation(founder);
    const { id: invitationId, token } = await invitation(founder.as(id), id, ['viewer']);
    await fellow.as().ok(`/invitations/${invitationId}/accept`, { token });
    const names = async (reader: Someone) =>
      (await reader.as().get(`/people?id=${founder.id}&id=${fellow.id}&id=${stranger.id}`)).body.items.map(
        (item: { name: string }) => item.name,
      );
    expect(await names(fellow)).toEqual(['Fellow', 'Founder']);
    expect(await names(stranger)).toEqual(['Stranger']);
    expect(await names(registrars[0])).toEqual(['Fellow', 'Founder', 'Stranger']);
    expect((await stranger.as().get(`/people/${founder.id}`)).status).toBe(404);
    expect((await fellow.as().get(`/people/${founder.id}`)).body).toEqual({ id: founder.id, name: 'Founder' });
    expect((await anonymous().get(`/people/${founder.id}`)).status).toBe(401);
    expect((await registrars[0].as().get('/people/not-an-id')).status).toBe(404);
  });
});

describe('the capability directory', () => {
  it('finds by text without accents, filters and counts', async () => {
    const founder = await newPerson();
    await newOrganisation(founder, {
      name: 'Énergie Réseau',
      type: '80',
      country: 'FR',
      sdgs: ['7.1'],
      capabilities: ['Off-grid power'],
      countriesServed: ['MW'],
    });
    await newOrganisation(founder, { name: 'Energie Lokal', type: '22', country: 'DE', sdgs: ['7'] });
    const names = async (query: string) =>
      (await anonymous().get(`/organisations?${query}`)).body.items.map((item: { name: string }) => item.name);
    expect(await names('q=energie')).toEqual(['Energie Lokal', 'Énergie Réseau']);
    expect(await names('q=off-grid%20reseau')).toEqual(['Énergie Réseau']);
    expect(await names('sdg=7&sort=newest')).toEqual(['Energie Lokal', 'Énergie Réseau']);
    expect(await names('q=energie&type=80')).toEqual(['Énergie Réseau']);
    expect(await names('serves=MW&capability=OFF-grid%20power')).toEqual(['Énergie Réseau']);
    const { body } = await anonymous().get('/organisations?q=energie&type=80&facets=true&count=estimate');
    expect(body.count).toEqual({ value: 1, more: false });
    expect(body.facets.type).toEqual([
      { value: '22', count: 1 },
      { value: '80', count: 1 },
    ]);
    expect(body.facets.country).toEqual([{ value: 'FR', count: 1 }]);
    const page = await anonymous().get('/organisations?q=energie&limit=1');
    expect(page.headers.get('link')).toContain('rel="next"');
    expect(await names(`q=energie&limit=1&cursor=${encodeURIComponent(page.body.next)}`)).toEqual(['Énergie Réseau']);
    expect((await anonymous().get('/organisations?country=xx')).status).toBe(400);
  });
});
