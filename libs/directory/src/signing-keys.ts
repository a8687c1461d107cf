import { everyone } from '@concord/access';
import { JwkSet, SigningKeyPublished, type PublicJwk } from '@concord/contracts';
import { defineQuery, uuidv7, type StartTools } from '@concord/platform';
import { exportJWK, generateKeyPair } from 'jose';
import { z } from 'zod';
import { retireSigningKey, SigningKey } from './domain/signing-key.js';
import { DAY_MS, instant } from './instant.js';
import { SigningKeys } from './tables.js';

const KEY_AGE_MS_MAX = 90 * DAY_MS;
/** A replaced key stays valid for the tokens it signed, which live ten minutes, and for replicas that lag. */
const OVERLAP_MS = 60 * 60_000;

interface KeyRow {
  readonly kid: string;
  readonly public_jwk: PublicJwk;
  readonly created_at: Date;
}

async function publishNewKey({ execute, realTimeMs }: StartTools): Promise<void> {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const kid = uuidv7();
  const { x = '' } = await exportJWK(publicKey);
  const publicJwk: PublicJwk = { kty: 'OKP', crv: 'Ed25519', x, kid, alg: 'EdDSA', use: 'sig' };
  const privateJwk = { ...(await exportJWK(privateKey)), kid, alg: 'EdDSA' };
  await execute((decision) => {
    decision.append(SigningKey, kid, SigningKeyPublished({ kid, publicJwk }));
    decision.write(SigningKeys, {
      kid,
      private_jwk: privateJwk,
      public_jwk: { ...publicJwk },
      created_at: instant(realTimeMs),
      retired_at: null,
    });
  });
}

async function retireKey({ execute, realTimeMs }: StartTools, { kid, public_jwk, created_at }: KeyRow): Promise<void> {
  await execute((decision) => {
    decision.append(SigningKey, kid, ...retireSigningKey(decision.read(SigningKey, kid).state));
    // The private half is of no use any more, and what is not kept cannot leak.
    decision.write(SigningKeys, {
      kid,
      private_jwk: {},
      public_jwk: { ...public_jwk },
      created_at: instant(created_at),
      retired_at: instant(realTimeMs),
    });
  });
}

/**
 * Runs at every start: makes the first key, replaces one that is older than 90 days, retires keys that were replaced an hour ago.
 * Doing nothing when nothing is due, it may run any number of times; two instances starting at once at worst make two good keys.
 */
export async function ensureSigningKey(tools: StartTools): Promise<void> {
  const rows = await tools.db.query<KeyRow>(
    'SELECT kid, public_jwk, created_at FROM signing_keys WHERE retired_at IS NULL ORDER BY created_at DESC, kid DESC',
  );
  const [newest, ...older] = rows;
  const ageMs = newest ? tools.realTimeMs - new Date(newest.created_at).getTime() : Number.POSITIVE_INFINITY;
  if (ageMs > KEY_AGE_MS_MAX) return publishNewKey(tools);
  if (ageMs > OVERLAP_MS) for (const key of older) await retireKey(tools, key);
}

/** `GET /jwks`: the public keys that access tokens are checked with. */
export const getJwks = defineQuery({
  name: 'getJwks',
  summary: 'Public keys of access tokens (RFC 7517), also at /.well-known/jwks.json',
  path: '/jwks',
  query: z.strictObject({}),
  output: JwkSet,
  allows: everyone,
  run: async ({ db }) => {
    const rows = await db.query<{ public_jwk: PublicJwk }>(
      'SELECT public_jwk FROM signing_keys WHERE retired_at IS NULL ORDER BY created_at DESC, kid',
    );
    return { body: { keys: rows.map(({ public_jwk }) => public_jwk) }, headers: { 'cache-control': 'public, max-age=300' } };
  },
});
