import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 random bits as text that fits an address or a header; `prefix` tells people and scanners what it is. */
export const newSecret = (prefix = ''): string => `${prefix}${randomBytes(32).toString('base64url')}`;

/**
 * What is kept of a secret: SHA-256, lower-case hex. A fast hash is enough because the secrets are random and long; passwords,
 * which people choose, get argon2id instead.
 */
export const digestOf = (secret: string): string => createHash('sha256').update(secret, 'utf8').digest('hex');

/** Compares two digests without telling by time where they differ. */
export const sameDigest = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

/** Why routes that show a secret take no Idempotency-Key: the stored answer would be a copy of it. */
export const SECRET_ANSWER = 'The answer shows a secret once; a stored copy for retries would be a second place to steal it from.';

/** Why routes that take a password take no Idempotency-Key. */
export const SECRET_REQUEST = 'The body has a password; the stored hash of the request would let it be guessed fast.';
