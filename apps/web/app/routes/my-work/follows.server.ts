import { ApiProblem } from '@concord/client';
import type { Followable, FollowResource } from '@concord/contracts';
import type { z } from 'zod';
import type { Listed } from '../../api.js';
import type { Visit } from '../../server/visit.server.js';

/** That the reader follows something. */
export type Follow = z.output<typeof FollowResource>;

/** The follow of this object by this reader; undefined when it is not followed, or nobody is signed in. */
export async function followOf(visit: Visit, objectKind: Followable, objectId: string): Promise<Follow | undefined> {
  if (!visit.session) return undefined;
  const { body } = await visit.api.get<Listed<Follow>>('/follows', { query: { objectKind, objectId } });
  return body.items.find(({ active }) => active);
}

/** Follows; following twice is following once. */
export async function follow(visit: Visit, objectKind: string, objectId: string, idempotencyKey: string): Promise<void> {
  await unlessDone('already_following', () => visit.api.post('/follows', { body: { objectKind, objectId }, idempotencyKey }));
}

/** Stops following; stopping twice is stopping once. */
export async function unfollow(visit: Visit, id: string, idempotencyKey: string): Promise<void> {
  await unlessDone('wrong_state', () => visit.api.post(`/follows/${encodeURIComponent(id)}/end`, { body: {}, idempotencyKey }));
}

async function unlessDone(code: string, send: () => Promise<unknown>): Promise<void> {
  try {
    await send();
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.code !== code) throw error;
  }
}
