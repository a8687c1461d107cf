/** Steps of a need's owner that need no page of their own kind: the states they start from, and the code of their reason. */
export const STEPS = {
  'close-intake': { from: ['published'], code: 'intake_closed' },
  extend: { from: ['matching'], code: 'extended' },
  withdraw: { from: ['draft', 'submitted', 'endorsed', 'published', 'matching'], code: 'withdrawn' },
  close: { from: ['matching'], code: 'closed' },
  return: { from: ['submitted'], code: 'taken_back' },
} as const;

/** Name of such a step, as in the address. */
export type Step = keyof typeof STEPS;
