import { likeness } from './similar.server.js';

describe('likeness of two names', () => {
  it.each([
    ['Harbourlight Foundation', 'harbourlight foundation', 1],
    ['Énergie Rurale', 'energie rurale', 1],
    ['Ministry of Open Learning', 'Ministry of Closed Learning', 0.75],
    ['Kestrel Labs', 'Cobalt Freight', 0],
    ['???', 'Kestrel Labs', 0],
  ])('of %j and %j is %d', (one, other, expected) => {
    expect(likeness(one, other)).toBeCloseTo(expected);
  });

  it('does not depend on the order', () => {
    expect(likeness('Open Meadow', 'Open Meadow Collective')).toBe(likeness('Open Meadow Collective', 'Open Meadow'));
  });
});
