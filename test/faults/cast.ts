import { createClient, type Client } from '@concord/client';
import type { Party } from './client.js';
import { eventually } from './eventually.js';
import type { Target } from './load.js';

/** The first account of the app under faults. */
export const ADMIN = { email: 'admin@faults.example', password: 'what may break will break' };

const HOT_LINES = 4;
const LINES = 30;
const days = (n: number): string => new Date(Date.now() + n * 86_400_000).toISOString();

interface Person {
  readonly id: string;
  as(organisation?: string): Client;
}

async function signIn(baseUrl: string, email: string): Promise<Person> {
  const { body } = await createClient({ baseUrl }).post<{ personId: string; accessToken: string }>('/sessions', {
    body: { email, password: ADMIN.password },
  });
  const { personId: id, accessToken: token } = body;
  return { id, as: (organisation) => createClient({ baseUrl, token, ...(organisation === undefined ? {} : { organisation }) }) };
}

async function register(baseUrl: string, name: string): Promise<Person> {
  const email = `${name}@faults.example`;
  await createClient({ baseUrl }).post('/people', { body: { name, email, password: ADMIN.password } });
  return signIn(baseUrl, email);
}

/** A verified organisation whose founder is its approver, with a token to act for it. */
async function found(baseUrl: string, name: string, type: string, registrars: readonly Person[]): Promise<Party & { own: Client }> {
  const founder = await register(baseUrl, name);
  const { body } = await founder
    .as()
    .post<{ id: string }>('/organisations', { body: { name: `Faults ${name}`, type, country: 'MW' } });
  const { id } = body;
  const own = founder.as(id);
  await own.post(`/organisations/${id}/set-roles`, { body: { personId: founder.id, roles: ['admin', 'approver'] } });
  const statement = {
    legalExistence: 'entry in the register',
    identifier: `XM-DAC-${name}`,
    contact: { name: 'Contact', email: `${name}@faults.example` },
    sanctions: { checkedOn: days(0).slice(0, 10), source: 'list', result: 'clear' },
    signatories: ['Signatory'],
  };
  await own.post(`/organisations/${id}/request-verification`, { body: statement });
  for (const registrar of registrars) await registrar.as().post(`/organisations/${id}/verify`, { body: {} });
  const token = await own.post<{ token: string }>('/tokens', {
    body: { name: 'load', organisationId: id, scopes: ['read', 'write'] },
  });
  return { id, token: token.body.token, own };
}

/** Makes organisations and one published need through the API: a few lines that fill at once, and many with room. */
export async function castOn(base: string): Promise<Target & { readonly needId: string }> {
  const admin = await signIn(base, ADMIN.email);
  const second = await register(base, 'registrar');
  await admin.as().post(`/people/${second.id}/set-platform-roles`, { body: { roles: ['registrar'] } });
  const registrars = [await signIn(base, ADMIN.email), await signIn(base, 'registrar@faults.example')];
  const owner = await found(base, 'owner', '10', registrars);
  const pledgers: Party[] = [];
  for (const name of ['north', 'south', 'east']) pledgers.push(await found(base, name, '60', registrars));
  const line = (index: number) => ({
    kind: 'funding',
    title: `Line ${index}`,
    unit: 'USD',
    target: index < HOT_LINES ? 3_000 : 1_000_000_000,
    recipient: 'lead',
  });
  const need = {
    title: 'A need under faults',
    summary: 'Its lines are pledged on while its servers are killed.',
    language: 'en',
    needType: 'technical_assistance',
    country: 'MW',
    sdgTargets: ['4.a'],
    useCase: 'Remote Learning',
    lines: Array.from({ length: LINES }, (_, index) => line(index)),
    criteria: [{ title: 'Relevance', weight: 100 }],
    intakeClosesAt: days(100),
    validUntil: days(300),
  };
  const { body: drafted } = await owner.own.post<{ id: string }>('/needs', { body: need });
  await owner.own.post(`/needs/${drafted.id}/submit`, { body: {} });
  const { body: published } = await owner.own.post<{ lines: { lineId: string }[] }>(`/needs/${drafted.id}/publish`, { body: {} });
  const lines = published.lines.map(({ lineId }) => lineId);
  await eventually('the lines to be opened', async () => (await fetch(`${base}/api/v1/lines/${lines.at(-1)}`)).ok);
  return { bases: [base], owner, pledgers, needId: drafted.id, hot: lines.slice(0, HOT_LINES), roomy: lines.slice(HOT_LINES) };
}

interface Report {
  readonly checks: readonly { readonly name: string; readonly differences: number; readonly first: readonly object[] }[];
}

/** What the operator's verification says of each context: its faults, in words. */
export async function verifyAll(base: string, contexts: readonly string[]): Promise<string[]> {
  const registrar = (await signIn(base, ADMIN.email)).as();
  const faults: string[] = [];
  for (const context of contexts) {
    const { body } = await registrar.post<Report>(`/operations/${context}/verification`, { body: {} });
    for (const { name, differences, first } of body.checks)
      if (differences > 0) faults.push(`${context}: ${name}: ${differences}, such as ${JSON.stringify(first[0])}`);
  }
  return faults;
}
