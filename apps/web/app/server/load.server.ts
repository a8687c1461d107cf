import { ApiProblem, NoAnswer } from '@concord/client';
import { data, redirect, type LoaderFunctionArgs } from 'react-router';
import { visitOf, type Visit } from './visit.server.js';

/** What the error page is told; the same for what does not exist and what this reader may not see. */
export interface Trouble {
  readonly kind: 'absent' | 'unavailable' | 'failed' | 'foreign' | 'sign_in';
  readonly correlationId: string;
  readonly retryAfterS?: number;
  /** What was typed before the session ended, to be sent again after sign-in. */
  readonly typed?: readonly (readonly [string, string])[];
  readonly filesLost?: boolean;
}

const trouble = (status: number, told: Trouble) => data(told, { status });

/** The page "there is nothing here, or you may not see it". Throw it. */
export const absent = (visit: Visit) => trouble(404, { kind: 'absent', correlationId: visit.correlationId });

/** Turns whatever a loader or an action threw into what the error page can show; answers of the router pass. */
export function troubleOf(visit: Visit, where: string, error: unknown): unknown {
  if (error instanceof ApiProblem) {
    const { status, facts } = error;
    const correlationId = facts.correlationId ?? visit.correlationId;
    if (status === 429 || status === 503) {
      const retryAfterS = facts.retryAfterMs === undefined ? undefined : Math.ceil(facts.retryAfterMs / 1000);
      return trouble(503, { kind: 'unavailable', correlationId, ...(retryAfterS === undefined ? {} : { retryAfterS }) });
    }
    if (status < 500) return trouble(404, { kind: 'absent', correlationId });
    visit.failed(where, error);
    return trouble(500, { kind: 'failed', correlationId });
  }
  if (error instanceof NoAnswer) {
    visit.failed(where, error);
    return trouble(503, { kind: 'unavailable', correlationId: visit.correlationId });
  }
  if (error instanceof Error) {
    visit.failed(where, error);
    return trouble(500, { kind: 'failed', correlationId: visit.correlationId });
  }
  return error;
}

/**
 * Runs a loader: `export const loader = (args: LoaderFunctionArgs) => load(args, async (visit) => ({ … }))`. A problem of the
 * API becomes the right page: 401 sign-in with the way back, anything else below 500 the page for absent things.
 */
export async function load<T>(args: LoaderFunctionArgs, run: (visit: Visit) => Promise<T> | T): Promise<T> {
  const visit = visitOf(args);
  try {
    return await run(visit);
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) throw signInAgain(visit);
    throw troubleOf(visit, `GET ${visit.path}`, error);
  }
}

/** As `load`, for pages that need somebody signed in. */
export const loadSignedIn = <T>(args: LoaderFunctionArgs, run: (visit: Visit) => Promise<T> | T): Promise<T> =>
  load(args, (visit) => {
    if (!visit.session) throw signInAgain(visit);
    return run(visit);
  });

/** Goes to the sign-in page and back here afterwards. */
export const signInAgain = (visit: Visit): Response =>
  redirect(visit.href(`/sign-in?return=${encodeURIComponent(`${visit.path}${visit.url.search}`)}`));

/** A way back that stays on this site: a path below the language; the home page otherwise. */
export const returnPath = (given: string | null): string =>
  given !== null && /^\/(?![/\\])[^\s\\]*$/u.test(given) && given.length <= 2000 ? given : '/';
