import { readdirSync, readFileSync } from 'node:fs';
import { DIRECTORY_EVENTS } from '@concord/contracts';
import { STANDING_KINDS, standingChanges, type StandingChange } from './standing.js';

const golden = new URL('../../contracts/history/directory/', import.meta.url);
const payload = (kind: string): unknown => JSON.parse(readFileSync(new URL(`${kind}.v1.json`, golden), 'utf8'));
const subject = '01989f3a-7c10-7a00-8000-000000000099';
const changes = (kind: string) =>
  standingChanges({ type: `concord.directory.${kind}`, subject, time: '2026-01-01T00:00:00.000Z', data: payload(kind) });

describe('standingChanges', () => {
  it.each([
    ['OrganisationRegistered', 'unverified'],
    ['VerificationRequested', 'pending'],
    ['VerificationInformationAsked', 'unverified'],
    ['OrganisationVerified', 'verified'],
    ['VerificationRejected', 'rejected'],
    ['OrganisationSuspended', 'suspended'],
    ['OrganisationReinstated', 'verified'],
    ['VerificationExpired', 'expired'],
  ] as const)('%s: the organisation is %s', (kind, standing) => {
    expect(changes(kind)).toEqual([{ table: 'organisation', id: subject, standing }]);
  });

  it.each<[string, StandingChange[]]>([
    [
      'MembershipGranted',
      [
        {
          table: 'membership',
          organisation: subject,
          person: '01989f3a-7c10-7a00-8000-000000000002',
          roles: ['admin', 'approver'],
        },
      ],
    ],
    [
      'MembershipRevoked',
      [{ table: 'membership', organisation: subject, person: '01989f3a-7c10-7a00-8000-000000000002', roles: [] }],
    ],
    ['PersonRegistered', [{ table: 'person', person: subject, platformRoles: [] }]],
    ['PlatformRolesSet', [{ table: 'person', person: subject, platformRoles: ['registrar'] }]],
    ['SessionsEnded', [{ table: 'session_ended', sessionId: '01989f3a-7c10-7a00-8000-000000000003' }]],
    [
      'ApiTokenIssued',
      [
        {
          table: 'token',
          tokenId: '01989f3a-7c10-7a00-8000-000000000004',
          digest: 'a3f5c1'.padEnd(64, '0'),
          person: subject,
          organisation: '01989f3a-7c10-7a00-8000-000000000001',
          scopes: ['read', 'write'],
          expiresAt: '2026-06-30T00:00:00.000Z',
        },
      ],
    ],
    ['ApiTokenRevoked', [{ table: 'token_revoked', digest: 'a3f5c1'.padEnd(64, '0') }]],
    ['SigningKeyRetired', [{ table: 'key_retired', kid: '01989f3a-7c10-7a00-8000-000000000005' }]],
  ])('%s changes its row', (kind, expected) => {
    expect(changes(kind)).toEqual(expected);
  });

  it('hands on the public key as it was published', () => {
    expect(changes('SigningKeyPublished')).toEqual([{ table: 'key', ...(payload('SigningKeyPublished') as object) }]);
  });

  it('answers nothing for what does not concern it', () => {
    expect(changes('OrganisationRevised')).toEqual([]);
    expect(changes('FocalPointDesignated')).toEqual([]);
    expect(standingChanges({ type: 'concord.pledges.PledgeMade', subject, time: '', data: {} })).toEqual([]);
    expect(standingChanges({ type: 'concord.directory.constructor', subject, time: '', data: {} })).toEqual([]);
  });

  it('refuses a payload that breaks the contract', () => {
    expect(() =>
      standingChanges({ type: 'concord.directory.MembershipGranted', subject, time: '', data: { roles: ['king'] } }),
    ).toThrow();
  });
});

describe('the golden payloads of the directory', () => {
  it('exist for every public event and fit its schema', () => {
    expect(readdirSync(golden).sort()).toEqual(DIRECTORY_EVENTS.map((event) => `${event.kind}.v${event.version}.json`).sort());
    for (const event of DIRECTORY_EVENTS) expect(event.parse(payload(event.kind), event.version)).toEqual(payload(event.kind));
  });

  it('cover every kind a replica follows', () => {
    expect(STANDING_KINDS.every((kind) => DIRECTORY_EVENTS.some((event) => event.kind === kind))).toBe(true);
  });
});
