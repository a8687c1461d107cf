import type { Route } from '@concord/platform';
import type { Answer } from '@concord/testing';
import { keyOf, type Rule } from './expectations.js';
import { ask } from './matrix.js';
import { addressesOf } from './requests.js';
import type { MemberKey, World } from './world.js';

/** Routes that find nothing for the rightful person either, because the well-formed body names nothing that is there. */
const FINDS_NOTHING = /^(?:directory\/acceptInvitation|\w+\/release\w+Parked|\w+\/rebuild\w+View)$/u;

/** Objects on which the rightful person can act, where it is not the one that is hidden from or shown to strangers. */
const INSTEAD: Readonly<Record<string, (world: World) => string>> = {
  'partnerships/scoreProposal': ({ objects }) => `/proposals/${objects.reviewedProposal}/score`,
};

/** Sends a route's request as somebody of the world, on an object of theirs. */
export function answerToRightful(world: World, route: Route, right: MemberKey): Promise<Answer> {
  const addresses = addressesOf(world, route);
  const address = INSTEAD[keyOf(route)]?.(world) ?? addresses.get('hidden') ?? addresses.get('shown')!;
  return ask(world, route, world.as(right), address);
}

/** Sends a route's request as somebody whom its policy names, and says whether permission was missing. The domain may still refuse. */
export async function admit(world: World, route: Route, { right }: Rule): Promise<string | undefined> {
  if (right === undefined) return undefined;
  const { status, body } = await answerToRightful(world, route, right);
  const denied = ['unauthenticated', 'forbidden', 'scope_missing'].includes(body.code) || status >= 500;
  const lost = status === 404 && !FINDS_NOTHING.test(keyOf(route)) && body.details === undefined;
  return denied || lost ? `${keyOf(route)} by ${right}, who may: ${status} ${body.code} ${body.detail}` : undefined;
}
