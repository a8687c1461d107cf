import {
  ApiTokenIssued,
  ApiTokenRevoked,
  MembershipGranted,
  OrganisationRegistered,
  PersonRegistered,
  PlatformRolesSet,
  SigningKeyPublished,
  SigningKeyRetired,
} from '@concord/contracts';
import { fold, given } from '@concord/testing';
import fc from 'fast-check';
import { Organisation } from './organisation.js';
import { issueToken, Person, revokeToken, setPlatformRoles, TOKENS_MAX } from './person.js';
import { retireSigningKey, SigningKey } from './signing-key.js';

const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const anna = PersonRegistered({ personId: id(1) });
const ben = PersonRegistered({ personId: id(2) });
const registrar = PlatformRolesSet({ roles: ['registrar'] });
const organisation = fold(Organisation, [
  OrganisationRegistered({ organisationId: id(100), name: 'Kestrel Labs', type: '70' }),
  MembershipGranted({ personId: id(1), roles: ['editor'] }),
]);
const token = (n: number) => ({
  tokenId: id(500 + n),
  digest: String(n).padStart(64, '0'),
  organisationId: id(100),
  scopes: ['read' as const],
  expiresAt: '2026-06-01T00:00:00.000Z',
});

describe('setPlatformRoles', () => {
  const actor = fold(Person, [anna, registrar]);

  it('gives roles to another person', () => {
    given(Person, [ben])
      .when((person) => setPlatformRoles(person, actor, ['trust_officer', 'registrar']))
      .then(PlatformRolesSet({ roles: ['registrar', 'trust_officer'] }));
  });

  it('is no event when nothing changes', () => {
    given(Person, [ben, registrar])
      .when((person) => setPlatformRoles(person, actor, ['registrar']))
      .then();
  });

  it('refuses oneself, who is not a registrar, and nobody', () => {
    given(Person, [anna, registrar])
      .when((person) => setPlatformRoles(person, actor, []))
      .refused('same_person');
    given(Person, [ben])
      .when((person) => setPlatformRoles(person, fold(Person, [anna]), ['registrar']))
      .refused('forbidden');
    given(Person, [])
      .when((person) => setPlatformRoles(person, actor, ['registrar']))
      .refused('not_found');
  });
});

describe('API tokens', () => {
  it('are issued to members', () => {
    given(Person, [anna])
      .when((person) => issueToken(person, organisation, token(1)))
      .then(ApiTokenIssued(token(1)));
    given(Person, [ben])
      .when((person) => issueToken(person, organisation, token(1)))
      .refused('not_found');
  });

  it('are limited in number', () => {
    given(Person, [anna, ...Array.from({ length: TOKENS_MAX }, (_, n) => ApiTokenIssued(token(n)))])
      .when((person) => issueToken(person, organisation, token(99)))
      .refused('too_many', { max: TOKENS_MAX });
  });

  it('are revoked once', () => {
    const revoked = ApiTokenRevoked({ tokenId: token(1).tokenId, digest: token(1).digest });
    given(Person, [anna, ApiTokenIssued(token(1))])
      .when((person) => revokeToken(person, token(1).tokenId))
      .then(revoked);
    given(Person, [anna, ApiTokenIssued(token(1)), revoked])
      .when((person) => revokeToken(person, token(1).tokenId))
      .then();
  });

  it('stay those issued and not revoked, in any order of commands', () => {
    const step = fc.record({ issue: fc.boolean(), n: fc.integer({ min: 0, max: 5 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const expected = new Set<string>();
        let past = [anna] as Parameters<typeof fold>[1][number][];
        for (const { issue, n } of steps) {
          const state = fold(Person, past);
          past = [...past, ...(issue ? [issueToken(state, organisation, token(n))] : revokeToken(state, token(n).tokenId))];
          if (issue) expected.add(token(n).tokenId);
          else expected.delete(token(n).tokenId);
        }
        const state = fold(Person, past);
        expect(new Set(Object.keys(state.tokens))).toEqual(expected);
        expect(fold(Person, JSON.parse(JSON.stringify(past)) as typeof past)).toEqual(state);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a signing key', () => {
  it('is retired once', () => {
    const kid = id(7);
    const publicJwk = { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43), kid, alg: 'EdDSA', use: 'sig' } as const;
    const published = SigningKeyPublished({ kid, publicJwk });
    given(SigningKey, [published]).when(retireSigningKey).then(SigningKeyRetired({ kid }));
    given(SigningKey, [published, SigningKeyRetired({ kid })])
      .when(retireSigningKey)
      .then();
    given(SigningKey, []).when(retireSigningKey).then();
  });
});
