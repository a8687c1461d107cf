import { isConnectionLoss } from './storage.js';

describe('a database that is not there', () => {
  it.each([
    ['a connection that broke', '08006'],
    ['a server that has no connection left', '53300'],
    ['a session that was ended', '57P01'],
    ['a reset', 'ECONNRESET'],
  ])('%s is waited out', (_what, code) => {
    expect(isConnectionLoss(Object.assign(new Error('x'), { code }))).toBe(true);
  });

  it.each([
    ['a key that is taken', '23505'],
    ['a full disk', '53100'],
    ['a query that was cancelled', '57014'],
  ])('%s is not that', (_what, code) => {
    expect(isConnectionLoss(Object.assign(new Error('x'), { code }))).toBe(false);
  });
});
