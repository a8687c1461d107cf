import { Refused } from './refused.js';
import { twoPerson } from './two-person.js';

const pending = { of: 'publish:v3', person: 'person-1', at: '2026-01-02T03:04:05.000Z' };

describe('twoPerson', () => {
  it('waits for a second approver after the first', () => {
    expect(twoPerson(undefined, 'publish:v3', 'person-1')).toBe('first');
  });

  it('is complete with a different second approver', () => {
    expect(twoPerson(pending, 'publish:v3', 'person-2')).toBe('second');
  });

  it('refuses the same person twice', () => {
    expect(() => twoPerson(pending, 'publish:v3', 'person-1')).toThrow(expect.objectContaining({ code: 'same_person' }));
    expect(() => twoPerson(pending, 'publish:v3', 'person-1')).toThrow(Refused);
  });

  it('starts again when the pending approval is of something else', () => {
    expect(twoPerson(pending, 'publish:v4', 'person-1')).toBe('first');
    expect(twoPerson(pending, 'publish:v4', 'person-2')).toBe('first');
  });
});
