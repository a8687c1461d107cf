import { ApiProblem } from '@concord/client';
import { hasText } from '../../server/texts.server.js';
import type { Visit } from '../../server/visit.server.js';
import type { Outcome } from './outcomes.js';

/** Takes one step for each of several objects, one after the other; a refusal of one does not stop the others. */
export async function eachOf<T>(
  visit: Visit,
  objects: readonly T[],
  nameOf: (object: T) => string,
  step: (object: T) => Promise<string>,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const object of objects) {
    const name = nameOf(object);
    try {
      outcomes.push({ name, ok: true, text: await step(object) });
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status === 401) throw error;
      const key = `problems:${error.code}`;
      outcomes.push({ name, ok: false, text: hasText(visit.locale, key) ? visit.t(key) : error.message });
    }
  }
  return outcomes;
}
