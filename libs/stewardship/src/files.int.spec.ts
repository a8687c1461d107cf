import { startConcord, type Actor, type TestConcord } from '@concord/testing';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FORUM, LANTERN } from './domain/story.js';
import { stewardship } from './stewardship.service.js';

const PDF = Buffer.from('%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n');
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

let concord: TestConcord;
let filesDir: string;
let lantern: Actor;
let forum: Actor;

beforeAll(async () => {
  filesDir = await mkdtemp(join(tmpdir(), 'concord-files-'));
  concord = await startConcord({ services: [stewardship({ filesDir })] });
  lantern = await concord.actor({ organisation: LANTERN, roles: ['field'] });
  forum = await concord.actor({ organisation: FORUM });
});

afterAll(async () => {
  expect(concord.faults).toEqual([]);
  await concord.stop();
  await rm(filesDir, { recursive: true, force: true });
});

const upload = (who: Actor, bytes: Uint8Array | string, type = 'application/octet-stream', key?: string) =>
  who.post('/files', Buffer.from(bytes as string), { headers: { 'content-type': type }, ...(key === undefined ? {} : { key }) });

describe('POST /files', () => {
  it('stores bytes under their hash, once, whoever sends them', async () => {
    const stored = await upload(lantern, PDF, 'application/pdf');
    expect(stored).toMatchObject({
      status: 200,
      body: { sha256: sha256(PDF), contentType: 'application/pdf', bytes: PDF.length, stripped: false },
    });
    expect((await upload(forum, PDF)).body).toEqual(stored.body);
    const [folder] = await readdir(filesDir);
    expect(folder).toBe(sha256(PDF).slice(0, 2));
  });

  it('answers a repeated request the same and refuses its key for another file', async () => {
    const first = await upload(lantern, 'a,b\n1,2\n', 'text/csv', 'key-1');
    expect(first.body.contentType).toBe('text/csv');
    expect((await upload(lantern, 'a,b\n1,2\n', 'text/csv', 'key-1')).body).toEqual(first.body);
    expect((await upload(lantern, 'a,b\n1,3\n', 'text/csv', 'key-1')).status).toBe(422);
  });

  it.each([
    ['markup that a browser would run', '<svg xmlns="http://www.w3.org/2000/svg"/>', undefined, 415],
    ['an archive', Buffer.from('504b0304140000000000', 'hex'), undefined, 415],
    ['a program', Buffer.from('7f454c4602010100', 'hex'), undefined, 415],
    ['bytes of no known kind', Buffer.from([0, 1, 2, 3]), undefined, 415],
    ['another type than declared', PDF, 'image/png', 415],
    ['nothing', '', undefined, 400],
    ['more than 25 MB', Buffer.alloc(25_000_001, 'a'), undefined, 413],
  ])('refuses %s', async (_what, bytes, type, status) => {
    expect((await upload(lantern, bytes, type)).status).toBe(status);
  });

  it('is for people who act for a verified organisation', async () => {
    expect((await upload(concord.anonymous(), PDF)).status).toBe(401);
    expect((await upload(await concord.actor({ organisation: FORUM, roles: ['viewer'] }), PDF)).status).toBe(403);
    const unverified = await concord.actor({ organisation: '01920000-0000-7000-8000-000000000077', standing: 'pending' });
    expect((await upload(unverified, PDF)).status).toBe(403);
  });
});

describe('GET /files/{sha256}', () => {
  it('shows a file that nothing cites to the organisation that stored it only', async () => {
    const path = `/files/${(await upload(lantern, 'Field note')).body.sha256}`;
    expect((await concord.anonymous().get(path)).status).toBe(404);
    expect((await forum.get(path)).status).toBe(404);
    const read = await lantern.get(path);
    expect(read).toMatchObject({ status: 200, body: 'Field note' });
    expect(read.headers.get('content-disposition')).toMatch(/^attachment; filename="[0-9a-f]{16}\.txt"$/u);
    expect(read.headers.get('x-content-type-options')).toBe('nosniff');
    expect(read.headers.get('content-security-policy')).toContain('sandbox');
    expect(read.headers.get('cache-control')).toBe('private, no-store');
  });

  it.each(['..%2f..%2fetc%2fpasswd', '0'.repeat(64), 'A'.repeat(64), 'x'])('finds nothing at %s', async (name) => {
    expect((await lantern.get(`/files/${name}`)).status).toBe(404);
  });
});
