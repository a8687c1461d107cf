import { MakePledgeInput } from '@concord/contracts';
import type { FormFault } from '../../form-state.js';
import { emptyText, faultText } from '../../server/fault-text.server.js';
import type { Visit } from '../../server/visit.server.js';
import { offerField } from './offer.js';

const ANY_LINE = '00000000-0000-7000-8000-000000000000';

/** What the schema says of offers in particular, and our words for it. */
const KNOWN: readonly (readonly [RegExp, string])[] = [
  [/must sum to the amount/u, 'pledging:fault.sum'],
  [/SPDX licence identifier/u, 'pledging:fault.licence'],
  [/positive decimal/u, 'pledging:fault.rate'],
  [/BCP 47/u, 'pledging:fault.languageTag'],
  [/must not be before/u, 'pledging:fault.order'],
  [/a value needs its method/u, 'pledging:fault.value'],
  [/between 2000 and 2199/u, 'pledging:fault.days'],
];

function words(visit: Visit, message: string): string {
  const known = KNOWN.find(([pattern]) => pattern.test(message));
  return known ? visit.t(known[1]) : faultText(visit.t, message);
}

/** Faults of an offer before it is sent, by the very schema the API uses: each page of the journey says its own. */
export function offerFaults(visit: Visit, body: Record<string, unknown>, rows: readonly number[]): FormFault[] {
  const checked = MakePledgeInput.safeParse({ lineId: ANY_LINE, ...body });
  if (checked.success) return [];
  return checked.error.issues.map(({ path, message }) => {
    const field = offerField(`/${path.map(String).join('/')}`, rows);
    const text = words(visit, message);
    return { ...(field === undefined ? {} : { field }), text: isEmpty(body, path) ? emptyText(visit.t, text) : text };
  });
}

/** Whether there is nothing at this place of the offer. */
function isEmpty(body: unknown, path: readonly PropertyKey[]): boolean {
  const at = path.reduce<unknown>((inside, key) => (inside as Record<PropertyKey, unknown> | undefined)?.[key], body);
  return at === undefined || at === '';
}
