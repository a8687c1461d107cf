import { testDatabase } from './database.js';

it('tells a unit spec that it has no server', async () => {
  await expect(testDatabase('')).rejects.toThrow(/int\.spec\.ts.*CONCORD_TEST_DATABASE_URL is not set/u);
});
