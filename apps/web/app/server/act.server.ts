import { ApiProblem, NoAnswer } from '@concord/client';
import { data, type ActionFunctionArgs } from 'react-router';
import { AGAIN_FIELDS, CHOICE, ETAG_FIELD, KEY_FIELD, THEIRS, type FormFault, type FormState } from '../form-state.js';
import { emptyText, faultText } from './fault-text.server.js';
import { troubleOf, type Trouble } from './load.server.js';
import { hasText } from './texts.server.js';
import { visitOf, type Visit } from './visit.server.js';

/** What an action works with. */
export interface Sent {
  readonly visit: Visit;
  readonly form: FormData;
  /** Spread it into the API call: the form's idempotency key, and its ETag when it carries one. */
  readonly sending: { readonly idempotencyKey: string; readonly ifMatch?: string };
  /** Text of a field without outer blanks; undefined when empty or absent. */
  text(name: string): string | undefined;
  /** Whole number of a field; NaN when it is none (the API then says so), undefined when empty. */
  whole(name: string): number | undefined;
  /** Every value of a field that may come several times. */
  all(name: string): string[];
}

/** What differs from form to form. */
export interface Acts {
  /** Name of the field for a JSON Pointer of the API; `/lines/0/target` is `lines.0.target` when absent. */
  readonly fieldOf?: (pointer: string) => string | undefined;
  /** Field for a refusal by its code: `{ line_full: 'amount' }`. */
  readonly fieldOfCode?: Readonly<Record<string, string>>;
  /** The object as it is now, for the page that shows both versions of an edit: values by field name, and the ETag. */
  readonly current?: (
    visit: Visit,
  ) => Promise<{ readonly values: Readonly<Record<string, string>>; readonly etag: string | undefined }>;
}

const OWN = [KEY_FIELD, ETAG_FIELD];
const isSecret = (name: string) => /password/iu.test(name);

/**
 * Runs an action. Return a redirect from `run` when it worked. When the API refuses, the page is shown again with every fault at
 * its field and in the summary, in the reader's language, and with what was typed.
 */
export async function act(
  args: ActionFunctionArgs,
  run: (sent: Sent) => Promise<Response | FormState>,
  acts: Acts = {},
): Promise<Response | FormState | ReturnType<typeof data<FormState>>> {
  const visit = visitOf(args);
  const form = await args.request.formData();
  choose(form);
  try {
    return await run(sentOf(visit, form));
  } catch (error) {
    if (error instanceof ApiProblem && error.code === 'unauthenticated') throw data(signInFirst(visit, form), { status: 401 });
    if (error instanceof NoAnswer) {
      visit.failed(`POST ${visit.path}`, error);
      return data(refusal(visit, form, { code: 'unavailable', status: 503, faults: [], keepKey: true }), { status: 503 });
    }
    if (!(error instanceof ApiProblem)) throw troubleOf(visit, `POST ${visit.path}`, error);
    if (error.status === 404) throw troubleOf(visit, `POST ${visit.path}`, error);
    if (error.status >= 500 && error.status !== 503) visit.failed(`POST ${visit.path}`, error);
    return data(await refused(visit, form, error, acts), { status: error.status });
  }
}

/** A page that finds faults of its own before it asks the API. */
export const invalidForm = (sent: Sent, faults: readonly FormFault[]): FormState =>
  refusal(sent.visit, sent.form, { code: 'invalid', status: 400, faults });

function sentOf(visit: Visit, form: FormData): Sent {
  const text = (name: string) => {
    const value = form.get(name);
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
  };
  const etag = text(ETAG_FIELD);
  return {
    visit,
    form,
    sending: { idempotencyKey: text(KEY_FIELD) ?? crypto.randomUUID(), ...(etag === undefined ? {} : { ifMatch: etag }) },
    text,
    whole: (name) => {
      const value = text(name);
      return value === undefined ? undefined : /^-?\d{1,15}$/u.test(value) ? Number(value) : Number.NaN;
    },
    all: (name) => form.getAll(name).filter((value): value is string => typeof value === 'string' && value !== ''),
  };
}

/** Takes the other version's value where the reader chose it on the page of an edit conflict. */
function choose(form: FormData): void {
  for (const name of [...form.keys()]) {
    if (!name.startsWith(CHOICE)) continue;
    const field = name.slice(CHOICE.length);
    if (form.get(name) === 'theirs') form.set(field, String(form.get(`${THEIRS}${field}`) ?? ''));
  }
}

function typedOf(form: FormData): (readonly [string, string])[] {
  return [...form].filter(
    (pair): pair is [string, string] =>
      typeof pair[1] === 'string' && !OWN.includes(pair[0]) && !AGAIN_FIELDS.test(pair[0]) && !isSecret(pair[0]),
  );
}

function signInFirst(visit: Visit, form: FormData): Trouble {
  const kept = [...form].filter((pair): pair is [string, string] => typeof pair[1] === 'string' && !isSecret(pair[0]));
  const filesLost = [...form.values()].some((value) => typeof value !== 'string' && value.size > 0);
  return { kind: 'sign_in', correlationId: visit.correlationId, typed: kept, filesLost };
}

interface Refusal {
  readonly code: string;
  readonly status: number;
  readonly faults: readonly FormFault[];
  readonly text?: string;
  readonly keepKey?: boolean;
  readonly correlationId?: string;
  readonly retryAfterS?: number;
  readonly conflict?: FormState['conflict'];
}

function refusal(visit: Visit, form: FormData, given: Refusal): FormState {
  const values: Record<string, string[]> = {};
  for (const [name, value] of typedOf(form)) (values[name] ??= []).push(value);
  const key = form.get(KEY_FIELD);
  return {
    values,
    faults: given.faults,
    code: given.code,
    status: given.status,
    text: textOf(visit, given.code, given.text),
    ...(given.keepKey && typeof key === 'string' ? { key } : {}),
    ...(given.status >= 500 ? { correlationId: given.correlationId ?? visit.correlationId } : {}),
    ...(given.retryAfterS === undefined ? {} : { retryAfterS: given.retryAfterS }),
    ...(given.conflict ? { conflict: given.conflict } : {}),
  };
}

/** What a code means, in the reader's language; the server's own words where we have none. */
function textOf(visit: Visit, code: string, otherwise: string | undefined): string {
  const key = `problems:${code}`;
  return hasText(visit.locale, key) ? visit.t(key) : (otherwise ?? visit.t('problems:internal'));
}

async function refused(visit: Visit, form: FormData, error: ApiProblem, acts: Acts): Promise<FormState> {
  const { code, status, facts } = error;
  const text = textOf(visit, code, error.message);
  const faults: FormFault[] = facts.errors.map(({ pointer, message }) => {
    const field = acts.fieldOf?.(pointer) ?? pointer.replace(/^\//u, '').replaceAll('/', '.');
    const fault = faultText(visit.t, message);
    if (field === '') return { text: fault };
    return { field, text: isEmpty(form, field) ? emptyText(visit.t, fault) : fault };
  });
  const field = acts.fieldOfCode?.[code];
  if (field !== undefined) faults.push({ field, text });
  const stale = status === 412 || code === 'stale_version';
  const retryAfterS = facts.retryAfterMs === undefined ? undefined : Math.ceil(facts.retryAfterMs / 1000);
  return refusal(visit, form, {
    code,
    status,
    faults,
    text,
    keepKey: status === 503,
    ...(facts.correlationId === undefined ? {} : { correlationId: facts.correlationId }),
    ...(retryAfterS === undefined ? {} : { retryAfterS }),
    ...(stale && acts.current ? { conflict: await conflictOf(visit, form, acts.current) } : {}),
  });
}

/** Whether nothing was written or chosen in a field. */
const isEmpty = (form: FormData, field: string): boolean =>
  form.getAll(field).every((value) => (typeof value === 'string' ? value.trim() === '' : value.size === 0));

async function conflictOf(visit: Visit, form: FormData, current: NonNullable<Acts['current']>) {
  const { values, etag } = await current(visit);
  const theirs: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) if (form.has(name) && form.get(name) !== value) theirs[name] = value;
  return { theirs, etag: etag ?? '' };
}
