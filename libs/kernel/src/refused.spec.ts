import { assert, Refused, requireHash, requireState } from './refused.js';

function refusalOf(step: () => void): Refused {
  try {
    step();
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
  throw new Error('the step was not refused');
}

describe('Refused', () => {
  it('is an error with a stable code and plain facts', () => {
    const refused = new Refused('line_full', 'Nothing is open.', { open: 0 });
    expect(refused).toBeInstanceOf(Error);
    expect({ ...refused }).toEqual({ code: 'line_full', details: { open: 0 }, name: 'Refused' });
    expect(refused.message).toBe('Nothing is open.');
  });
});

describe('requireState', () => {
  it('lets an allowed state pass', () => {
    expect(() => requireState('need', 'draft', 'draft', 'returned')).not.toThrow();
  });

  it('refuses any other as wrong_state and says where the step starts', () => {
    const refused = refusalOf(() => requireState<string>('need', 'closed', 'draft', 'returned'));
    expect(refused.code).toBe('wrong_state');
    expect(refused.details).toEqual({ state: 'closed', allowed: ['draft', 'returned'] });
    expect(refused.message).toContain('draft, returned');
  });
});

describe('requireHash', () => {
  it('refuses a hash that is no longer current as stale_version', () => {
    expect(() => requireHash('proposal', 'a', 'a')).not.toThrow();
    const refused = refusalOf(() => requireHash('proposal', 'a', 'b'));
    expect(refused.code).toBe('stale_version');
    expect(refused.details).toEqual({ given: 'a', current: 'b' });
  });
});

describe('assert', () => {
  it('throws a bug, not a refusal', () => {
    expect(() => assert(1 + 1 === 2, 'sums hold')).not.toThrow();
    expect(() => assert(false, 'the ledger balances')).toThrow('invariant broken: the ledger balances');
    expect(() => assert(0, 'x')).not.toThrow(Refused);
  });
});
