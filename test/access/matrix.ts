import type { Route } from '@concord/platform';
import { Actor, type Answer } from '@concord/testing';
import { STRANGERS, type Callers, type Stranger } from './callers.js';
import { DECIDED, FINER, keyOf, OWN, type Rule } from './expectations.js';
import { addressesOf, bodyOf, queryOf, type Place } from './requests.js';
import type { World } from './world.js';

/** What an answer has to be: a status with its code, a refusal of any kind, or — for a reading — a success. */
type Expected = { readonly status: number; readonly code?: string } | 'refused' | 'skipped';

const UNAUTHENTICATED = { status: 401, code: 'unauthenticated' };
const FORBIDDEN = { status: 403, code: 'forbidden' };
const NO_SCOPE = { status: 403, code: 'scope_missing' };
const NOT_FOUND = { status: 404, code: 'not_found' };

const isWriting = ({ kind }: Route): boolean => kind === 'command' || kind === 'action';
const isObject = ({ kind }: Route): boolean => kind === 'read' || kind === 'history' || kind === 'stream';

/** What somebody whom the policy lets pass finds at a place. */
function found(route: Route, place: Place): Expected {
  const finer = FINER[keyOf(route)]?.[place];
  if (finer === 404) return NOT_FOUND;
  if (finer === 403) return FORBIDDEN;
  if (place !== 'shown' && finer === undefined) return NOT_FOUND;
  if (!isWriting(route)) return { status: 200 };
  return DECIDED.includes(keyOf(route)) ? 'refused' : 'skipped';
}

/** What an anonymous caller gets. */
export function expectedOfAnonymous(route: Route, { label }: { label: string }, place: Place): Expected {
  if (isObject(route)) return found(route, place);
  if (route.kind === 'command' || label !== 'everyone') return UNAUTHENTICATED;
  return found(route, place);
}

/** What a stranger gets. */
export function expectedOfStranger(route: Route, rule: Rule, stranger: Stranger, place: Place): Expected {
  if (isWriting(route) && stranger === 'readToken') return NO_SCOPE;
  if (isObject(route)) return found(route, place);
  const passes = rule.strangers.includes(stranger);
  // An action or a query asks who it is before it looks for the object; a command hides the object first.
  if (route.kind !== 'command') return passes ? found(route, place) : FORBIDDEN;
  if (place !== 'shown') return NOT_FOUND;
  return passes ? found(route, place) : FORBIDDEN;
}

/** What a viewer of the owner gets from a command on an object that it sees. */
export function expectedOfInsider(route: Route, { label, rule }: { label: string; rule: Rule }, place: Place): Expected {
  if (route.kind !== 'command' || (place !== 'hidden' && place !== 'shown')) return 'skipped';
  if (label === 'the person it belongs to') return NOT_FOUND;
  return rule.strangers.includes('viewer') || label.startsWith('member of') ? 'skipped' : FORBIDDEN;
}

/** Sends a well-formed request to a route. */
export function ask(world: World, route: Route, actor: Actor, address: string): Promise<Answer> {
  const headers: Record<string, string> = route.raw ? { 'content-type': 'application/octet-stream' } : {};
  const body = bodyOf(world, route);
  const path = `${address}${queryOf(world, route)}`;
  if (route.method === 'GET') return actor.send('GET', path, undefined, {});
  if (route.method === 'PATCH') return actor.send('PATCH', path, body, { ifMatch: '"1"' });
  return actor.post(path, body, { headers });
}

function fault(expected: Expected, { status, body }: Answer): string | undefined {
  if (status >= 500) return `${status} ${body.code}`;
  if (expected === 'refused') return status >= 400 ? undefined : `${status} instead of a refusal`;
  if (expected === 'skipped') return undefined;
  if (status === expected.status && (expected.code === undefined || body.code === expected.code)) return undefined;
  return `${status} ${body.code ?? ''} instead of ${expected.status} ${expected.code ?? ''}`.trimEnd();
}

/** What may never be in an answer to a stranger: texts that only stand in what is private. */
const leaks = (world: World, { body }: Answer): string | undefined => {
  const text = JSON.stringify(body);
  if (/zzsecret/iu.test(text)) return 'shows a private text';
  return [world.objects.draftNeed, world.objects.draftProposal].some((id) => text.includes(id))
    ? 'shows the id of a draft'
    : undefined;
};

/** The verdict on one route: what was wrong, and how many requests were judged. */
export interface Verdict {
  readonly faults: readonly string[];
  readonly cases: number;
}

interface Case {
  readonly who: string;
  readonly place: Place;
  readonly address: string;
  readonly actor: Actor;
  readonly expected: Expected;
}

function casesOf(world: World, callers: Callers, route: Route, row: { label: string; rule: Rule }): Case[] {
  const cases: Case[] = [];
  const addresses = addressesOf(world, route);
  for (const [place, address] of addresses) {
    cases.push({ who: 'anonymous', place, address, actor: callers.anonymous, expected: expectedOfAnonymous(route, row, place) });
    for (const who of STRANGERS) {
      const expected = expectedOfStranger(route, row.rule, who, place);
      cases.push({ who, place, address, actor: callers.strangers[who], expected });
    }
    cases.push({ who: 'insider', place, address, actor: callers.insider, expected: expectedOfInsider(route, row, place) });
    if (isWriting(route)) cases.push({ who: 'ownReadToken', place, address, actor: callers.ownReadToken, expected: NO_SCOPE });
  }
  const [[place, address]] = addresses as unknown as [[Place, string]];
  for (const [who, actor] of Object.entries(callers.turnedAway))
    cases.push({ who, place, address, actor, expected: UNAUTHENTICATED });
  return cases.filter(({ expected }) => expected !== 'skipped');
}

/** Sends every case of a route, side by side, and says what was wrong. */
export async function judge(world: World, callers: Callers, route: Route, row: { label: string; rule: Rule }): Promise<Verdict> {
  const cases = casesOf(world, callers, route, row);
  const before = await world.on.contents();
  const answers = await Promise.all(
    cases.map(async (one) => ({ ...one, answer: await ask(world, route, one.actor, one.address) })),
  );
  const after = await world.on.contents();
  const faults = answers.flatMap(({ who, place, expected, answer }) =>
    [fault(expected, answer), OWN.includes(keyOf(route)) || who === 'insider' ? undefined : leaks(world, answer)].flatMap((what) =>
      what === undefined ? [] : [`${keyOf(route)} by ${who} on ${place}: ${what}`],
    ),
  );
  if (before !== after) faults.push(`${keyOf(route)} changed something: ${before} became ${after}`);
  for (const who of ['anonymous', ...STRANGERS]) {
    const [hidden, absent] = ['hidden', 'absent'].map((at) => answers.find((one) => one.who === who && one.place === at)?.answer);
    if (hidden && absent && look(hidden) !== look(absent)) {
      faults.push(`${keyOf(route)} by ${who}: hidden looks like ${look(hidden)}, absent like ${look(absent)}`);
    }
  }
  return { faults, cases: cases.length };
}

/** What a caller can tell two refusals apart by. */
const look = ({ status, body, headers }: Answer): string =>
  [status, body.code, body.detail, JSON.stringify(body.details), headers.get('etag'), headers.get('content-type')].join(' | ');
