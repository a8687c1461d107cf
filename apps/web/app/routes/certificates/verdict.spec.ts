import { missingOf, type Issuer } from './issuer.js';
import { verdictOf } from './verdict.js';

const entry = (kind: string, hash: string) => ({ version: 1, kind, at: '2027-01-01T00:00:00Z', data: { hash }, hash: 'chain' });
const history = [entry('PledgeMade', 'old'), entry('PledgeAccepted', 'seen'), entry('PledgeAmended', 'now')];
const pledge = { hash: 'now', offerVersion: 2, status: 'offered' } as const;

describe('the verdict on a certificate', () => {
  it.each([
    ['now', { is: 'current', ended: false }],
    ['old', { is: 'replaced', at: '2027-01-01T00:00:00Z', by: 2 }],
    ['other', { is: 'foreign' }],
    // A hash that only an approval names made no offer.
    ['seen', { is: 'foreign' }],
    // The hash of the chain is another thing than the hash of the offer.
    ['chain', { is: 'foreign' }],
  ])('on the hash %s', (hash, verdict) => {
    expect(verdictOf(hash, pledge, history)).toEqual(verdict);
  });

  it.each(['withdrawn', 'declined', 'lapsed'] as const)('says that a pledge is %s', (status) => {
    expect(verdictOf('now', { ...pledge, status }, history)).toEqual({ is: 'current', ended: true });
  });
});

describe('the block of an issuer', () => {
  const whole: Issuer = {
    id: '1',
    name: 'A',
    type: '60',
    country: 'NO',
    identifier: 'NO-BRC-1',
    standing: 'verified',
    website: undefined,
  };

  it('is complete with a legal name, an entry in a register, a country and a verification that holds', () => {
    expect(missingOf(whole)).toEqual([]);
  });

  it.each([
    ['identifier', { identifier: undefined }],
    ['country', { country: undefined }],
    ['standing', { standing: 'expired' as const }],
    ['name', { name: '' }],
  ])('refuses without %s', (field, change) => {
    expect(missingOf({ ...whole, ...change })).toEqual([field]);
  });
});
