import { API_TOKEN_PREFIX, TOKEN_AUDIENCE, TOKEN_ISSUER, uuidv7 } from '@concord/platform';
import { Actor } from '@concord/testing';
import { importJWK, SignJWT, UnsecuredJWT, type JWK } from 'jose';
import { createPublicKey } from 'node:crypto';
import type { World } from './world.js';

/** Those whose token holds and who have nothing to do with the objects of the world. */
export const STRANGERS = ['viewer', 'approver', 'unverified', 'suspended', 'writeToken', 'readToken'] as const;
export type Stranger = (typeof STRANGERS)[number];

/** Those whose token does not hold: every route turns them away before it looks at anything else. */
export const TURNED_AWAY = [
  'an expired token',
  'the token of an ended session',
  'a revoked API token',
  'an API token nobody issued',
  'alg none',
  'HS256 signed with the public key',
  'a wrong audience',
  'a wrong issuer',
  'an unknown kid',
  'a kid with NUL',
  'no kid',
  'a path as kid',
  'an altered payload',
  'a foreign organisation',
  'no bearer',
] as const;
export type TurnedAway = (typeof TURNED_AWAY)[number];

/**
 * Every caller of the matrix. `insider` is a viewer of the organisation that owns the objects: sees them, and may do nothing.
 * `ownReadToken` belongs to an approver of that organisation and may only read.
 */
export interface Callers {
  readonly anonymous: Actor;
  readonly strangers: Readonly<Record<Stranger, Actor>>;
  readonly insider: Actor;
  readonly ownReadToken: Actor;
  readonly turnedAway: Readonly<Record<TurnedAway, Actor>>;
}

/** Issues an API token; returns it with its id. */
export async function apiToken(actor: Actor, scopes: readonly string[]): Promise<{ id: string; token: string }> {
  const { body } = await actor.ok('/tokens', { name: 'spec', organisationId: actor.organisation, scopes });
  return body;
}

interface Claims {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly issuer?: string;
  readonly audience?: string;
  readonly expires?: string;
}

async function forged(
  world: World,
  approver: Actor,
): Promise<Pick<Callers['turnedAway'], Exclude<TurnedAway, `${string}revoked${string}` | `${string}ended${string}`>>> {
  const [row] = await world.on.platform
    .context('directory')
    .database.query<{ kid: string; private_jwk: JWK }>('SELECT kid, private_jwk FROM signing_keys WHERE retired_at IS NULL');
  const { kid, private_jwk: jwk } = row!;
  const key = await importJWK(jwk, 'EdDSA');
  const sid = uuidv7();
  const sign = ({ header = { kid }, issuer = TOKEN_ISSUER, audience = TOKEN_AUDIENCE, expires = '5m' }: Claims) =>
    new SignJWT({ sid })
      .setProtectedHeader({ alg: 'EdDSA', ...header })
      .setSubject(approver.person)
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime(expires)
      .sign(key);
  const claims = { sid, sub: approver.person, iss: TOKEN_ISSUER, aud: TOKEN_AUDIENCE, exp: Math.floor(Date.now() / 1000) + 300 };
  const { d: _private, ...publicJwk } = jwk;
  const publicBytes = createPublicKey({ key: publicJwk as never, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  const hs256 = new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid }).sign(new TextEncoder().encode(String(publicBytes)));
  const good = await sign({});
  const [head, , signature] = good.split('.');
  const altered = Buffer.from(JSON.stringify({ ...claims, sub: world.sessions.registrar.person })).toString('base64url');
  const as = (token: string, organisation = approver.organisation) => new Actor(world.on.url, approver.person, organisation, token);
  return {
    'an expired token': as(await sign({ expires: '-1s' })),
    'an API token nobody issued': as(`${API_TOKEN_PREFIX}${'a'.repeat(43)}`),
    'alg none': as(new UnsecuredJWT(claims).encode()),
    'HS256 signed with the public key': as(await hs256),
    'a wrong audience': as(await sign({ audience: 'another-api' })),
    'a wrong issuer': as(await sign({ issuer: 'another' })),
    'an unknown kid': as(await sign({ header: { kid: uuidv7() } })),
    'a kid with NUL': as(await sign({ header: { kid: `${kid}\u0000` } })),
    'no kid': as(await sign({ header: {} })),
    'a path as kid': as(await sign({ header: { kid: '../../etc/passwd' } })),
    'an altered payload': as(`${head}.${altered}.${signature}`),
    'a foreign organisation': as(good, world.organisations.owner),
    'no bearer': as('a token with spaces'),
  };
}

/** Signs everybody of the matrix in, and forges what has to be forged. */
export async function callersOf(world: World): Promise<Callers> {
  const { on } = world;
  const approver = world.as('stranger');
  const withToken = async (actor: Actor, scopes: readonly string[]) =>
    new Actor(on.url, actor.person, actor.organisation, (await apiToken(actor, scopes)).token);
  const ended = await on.signIn('stranger@concord.example');
  await on.as(ended).ok(`/sessions/${ended.sessionId}/end`);
  const revoked = await apiToken(approver, ['read', 'write']);
  await approver.ok(`/tokens/${revoked.id}/revoke`);
  const callers: Callers = {
    anonymous: on.anonymous(),
    strangers: {
      viewer: world.as('strangerViewer'),
      approver,
      unverified: world.as('unverified'),
      suspended: world.as('suspended'),
      writeToken: await withToken(approver, ['read', 'write']),
      readToken: await withToken(approver, ['read']),
    },
    insider: world.as('ownerViewer'),
    ownReadToken: await withToken(world.as('owner'), ['read']),
    turnedAway: {
      ...(await forged(world, approver)),
      'the token of an ended session': on.as(ended, approver.organisation),
      'a revoked API token': new Actor(on.url, approver.person, approver.organisation, revoked.token),
    },
  };
  await on.platform.settled();
  return callers;
}
