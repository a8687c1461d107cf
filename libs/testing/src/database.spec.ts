import { SERVERS, testDatabase, testServer } from './database.js';

const worker = process.env['JEST_WORKER_ID'];
beforeEach(() => void delete process.env[SERVERS]);
afterEach(() => void (process.env['JEST_WORKER_ID'] = worker));

it('tells a unit spec that it has no server', async () => {
  await expect(testDatabase()).rejects.toThrow(/int\.spec\.ts.*CONCORD_TEST_DATABASE_URLS is not set/u);
});

it.each([
  ['a b', '1', 'a'],
  ['a b', '2', 'b'],
  ['a', '2', 'a'],
])('of the servers %j gives worker %s %j', (servers, number, url) => {
  process.env[SERVERS] = servers;
  process.env['JEST_WORKER_ID'] = number;
  expect(testServer()).toBe(url);
});
