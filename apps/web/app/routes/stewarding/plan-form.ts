import type { Planned } from './plan-table.js';

/** Values of a form by the name of the field. */
export type Values = Readonly<Record<string, readonly string[]>>;

export const MILESTONES_MAX = 20;
export const CRITERIA_MAX = 5;
export const SIGNERS_MAX = 8;

/** What was typed as a plan: the milestones that stay in, and the field behind each place of them. */
export interface TypedPlan {
  readonly milestones: readonly Planned[];
  /** Field for a JSON Pointer of the API: rows left empty are not sent, so places shift. */
  fieldOf(pointer: string): string;
  /** Own checks: names of fields, and the key of what is wrong. */
  readonly faults: readonly { readonly field: string; readonly key: string; readonly values?: Readonly<Record<string, number>> }[];
}

/** Every value that was typed, by field; not which button was pressed. */
export function valuesOf(form: FormData): Values {
  const values: Record<string, string[]> = {};
  for (const [name, value] of form)
    if (typeof value === 'string' && name !== 'intent' && !name.startsWith('_')) (values[name] ??= []).push(value);
  return values;
}

const DAY = /^\d{4}-\d\d-\d\d$/u;
const whole = (text: string): number => (/^\d{1,15}$/u.test(text) ? Number(text) : Number.NaN);

/** Reads a plan from what was typed. */
export function planOf(values: Values): TypedPlan {
  const one = (name: string): string => (values[name]?.[0] ?? '').trim();
  const count = Math.min(MILESTONES_MAX, Math.max(1, whole(one('count')) || 1));
  const places: string[] = [];
  const rows = new Map<string, number[]>();
  const faults: { field: string; key: string; values?: Record<string, number> }[] = [];
  const need = (field: string, holds: boolean, key = 'faults:required') => void (holds || faults.push({ field, key }));
  const milestones: Planned[] = [];
  const blocks = Array.from({ length: count }, (_, n) => n).filter((n) => one(`milestones.${n}.remove`) === '');
  for (const n of blocks) {
    const top = `milestones.${n}`;
    const filled = (list: string, max: number, parts: readonly string[]): number[] =>
      Array.from({ length: max }, (_, m) => m).filter((m) => parts.some((part) => one(`${top}.${list}.${m}.${part}`) !== ''));
    const criteria = filled('criteria', CRITERIA_MAX, ['criterion', 'quantity', 'unit']);
    const signers = filled('signers', SIGNERS_MAX, ['organisationId']);
    rows.set(`${n}.criteria`, criteria);
    rows.set(`${n}.signers`, signers);
    places.push(top);
    const [title, dueOn, share, responsibleId] = [
      one(`${top}.title`),
      one(`${top}.dueOn`),
      whole(one(`${top}.share`)),
      one(`${top}.responsibleId`),
    ];
    need(`${top}.title`, title !== '');
    need(`${top}.dueOn`, DAY.test(dueOn), dueOn === '' ? 'faults:required' : 'faults:date');
    need(`${top}.share`, share >= 0 && share <= 100, 'stewarding:fault.share');
    need(`${top}.responsibleId`, responsibleId !== '');
    need(`${top}.lineIds`, (values[`${top}.lineIds`] ?? []).length > 0);
    need(`${top}.criteria.0.criterion`, criteria.length > 0);
    need(`${top}.signers.0.organisationId`, signers.length > 0);
    for (const m of criteria) {
      need(`${top}.criteria.${m}.criterion`, one(`${top}.criteria.${m}.criterion`) !== '');
      need(`${top}.criteria.${m}.quantity`, whole(one(`${top}.criteria.${m}.quantity`)) >= 1, 'faults:number');
      need(`${top}.criteria.${m}.unit`, one(`${top}.criteria.${m}.unit`) !== '');
    }
    for (const m of signers) need(`${top}.signers.${m}.role`, one(`${top}.signers.${m}.role`) !== '');
    const milestoneId = one(`${top}.milestoneId`);
    milestones.push({
      ...(milestoneId === '' ? {} : { milestoneId }),
      title,
      dueOn,
      share,
      responsibleId,
      lineIds: [...(values[`${top}.lineIds`] ?? [])],
      criteria: criteria.map((m) => ({
        criterion: one(`${top}.criteria.${m}.criterion`),
        quantity: whole(one(`${top}.criteria.${m}.quantity`)),
        unit: one(`${top}.criteria.${m}.unit`),
      })),
      signers: signers.map((m) => ({
        role: one(`${top}.signers.${m}.role`) as Planned['signers'][number]['role'],
        organisationId: one(`${top}.signers.${m}.organisationId`),
      })),
    });
  }
  const sum = milestones.reduce((total, { share }) => total + (Number.isNaN(share) ? 0 : share), 0);
  if (sum !== 100) faults.push({ field: `${places[0] ?? 'milestones.0'}.share`, key: 'stewarding:fault.shares', values: { sum } });
  return { milestones, faults, fieldOf: (pointer) => fieldAt(pointer, places, rows) };
}

function fieldAt(pointer: string, places: readonly string[], rows: ReadonlyMap<string, readonly number[]>): string {
  const [, list, n, part, m, ...rest] = pointer.split('/');
  if (list !== 'milestones') return [list, n, part, m, ...rest].filter((one) => one !== undefined).join('.');
  const top = places[Number(n)] ?? 'milestones.0';
  if (part === undefined) return `${top}.title`;
  if (m === undefined) return `${top}.${part}`;
  const row = rows.get(`${top.split('.')[1] ?? '0'}.${part}`)?.[Number(m)] ?? 0;
  if (part === 'lineIds') return `${top}.lineIds`;
  return [top, part, row, ...rest].join('.');
}

/** A plan as the values of its form. */
export function typedPlan(milestones: readonly Planned[]): Values {
  const values: Record<string, string[]> = { count: [String(Math.max(1, milestones.length))] };
  milestones.forEach((milestone, n) => {
    const top = `milestones.${n}`;
    const put = (name: string, ...given: string[]) => (values[`${top}.${name}`] = given);
    if (milestone.milestoneId !== undefined) put('milestoneId', milestone.milestoneId);
    put('title', milestone.title);
    put('dueOn', milestone.dueOn);
    put('share', String(milestone.share));
    put('responsibleId', milestone.responsibleId);
    put('lineIds', ...milestone.lineIds);
    milestone.criteria.forEach(({ criterion, quantity, unit }, m) => {
      put(`criteria.${m}.criterion`, criterion);
      put(`criteria.${m}.quantity`, String(quantity));
      put(`criteria.${m}.unit`, unit);
    });
    milestone.signers.forEach(({ role, organisationId }, m) => {
      put(`signers.${m}.role`, role);
      put(`signers.${m}.organisationId`, organisationId);
    });
  });
  return values;
}
