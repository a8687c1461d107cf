/** The topics of a need, one page each, in the order of the task list. */
export const TOPICS = ['about', 'place', 'lines', 'criteria', 'dates'] as const;
/** A topic of a need. */
export type Topic = (typeof TOPICS)[number];

const FIELDS: Readonly<Record<string, Topic>> = {
  summary: 'about',
  needType: 'about',
  country: 'place',
  sdgTargets: 'place',
  lines: 'lines',
  criteria: 'criteria',
  intakeClosesAt: 'dates',
  validUntil: 'dates',
};

/** The topic on whose page a gap is closed; `pointer` is the API's. */
export const topicOf = (pointer: string): Topic => FIELDS[pointer.split('/')[1] ?? ''] ?? 'about';

/** Gaps that no page closes: a focal point does, after the need was submitted (R21). */
export const isOthers = (code: string): boolean => code === 'endorsement_required';

/** What somebody wrote as a list: one per line, or separated by commas. */
export const listOf = (text: string | undefined): string[] =>
  (text ?? '')
    .split(/[\n,;،、]+/u)
    .map((one) => one.trim())
    .filter((one) => one !== '');

/** The last moment of a day as an instant; an instant of that same day is kept as it is. */
export const endOfDay = (day: string | undefined, kept?: string): string | undefined =>
  day === undefined ? undefined : kept?.startsWith(day) ? kept : `${day}T23:59:59.000Z`;

/** The day of an instant, for a field. */
export const dayOf = (instant: string | undefined): string => instant?.slice(0, 10) ?? '';
