import { LOG_ROWS_MAX, logRows } from './log-rows.js';

describe('rows of a log of hours', () => {
  it.each([
    [0, undefined, 6],
    [0, 'twelve', 6],
    [0, '-3', 6],
    [0, '24', 24],
    [38, '12', 38],
    [0, '400', LOG_ROWS_MAX],
  ])('with %d recorded and %j asked for are %d', (recorded, asked, shown) => {
    expect(logRows(recorded, asked)).toBe(shown);
  });
});
