import { importJWK, SignJWT, type JWK } from 'jose';
import { TOKEN_AUDIENCE, TOKEN_ISSUER, type Database } from '@concord/platform';
import { instant } from './instant.js';

/** An access token is checked without asking anybody, so it lives for ten minutes at most. */
export const ACCESS_SECONDS = 600;

type PrivateKey = Awaited<ReturnType<typeof importJWK>>;

// Importing a key costs more than signing with it; few keys are alive, and kids are never used twice.
const imported = new Map<string, PrivateKey>();
const IMPORTED_MAX = 8;

async function signingKey(db: Database): Promise<{ kid: string; key: PrivateKey }> {
  const [row] = await db.query<{ kid: string; private_jwk: JWK }>(
    'SELECT kid, private_jwk FROM signing_keys WHERE retired_at IS NULL ORDER BY created_at DESC, kid DESC LIMIT 1',
  );
  if (!row) throw new Error('there is no signing key: the start of the directory has not run');
  const known = imported.get(row.kid);
  if (known) return { kid: row.kid, key: known };
  const key = await importJWK(row.private_jwk, 'EdDSA');
  if (imported.size >= IMPORTED_MAX) imported.clear();
  imported.set(row.kid, key);
  return { kid: row.kid, key };
}

/** An access token of a session, signed with the newest key. Times are real time. */
export async function signAccessToken(db: Database, session: { id: string; personId: string }, realTimeMs: number) {
  const { kid, key } = await signingKey(db);
  const issuedAt = Math.floor(realTimeMs / 1000);
  const accessToken = await new SignJWT({ sid: session.id })
    .setProtectedHeader({ alg: 'EdDSA', kid, typ: 'JWT' })
    .setIssuer(TOKEN_ISSUER)
    .setAudience(TOKEN_AUDIENCE)
    .setSubject(session.personId)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + ACCESS_SECONDS)
    .sign(key);
  return { accessToken, accessExpiresAt: instant((issuedAt + ACCESS_SECONDS) * 1000) };
}
