import { createContext, isValidElement, use } from 'react';
import { useFacts, useT } from '../facts.js';
import type { FormState } from '../form-state.js';
import { fieldId } from './post-form.js';

/** A value somebody may choose. */
export interface Option {
  readonly value: string;
  readonly label: React.ReactNode;
  readonly hint?: string;
}

interface Labelled {
  /** Name in the form; the API's pointer `/lines/0/target` is the name `lines.0.target`. */
  readonly name: string;
  readonly label: React.ReactNode;
  readonly hint?: React.ReactNode;
  readonly state?: FormState | undefined;
  /** Says "optional" beside the label unless set. */
  readonly required?: boolean;
  /** Who will read it, said before anything is typed. */
  readonly visibility?: 'public' | 'private';
}

/** What was typed last, else what the page starts with. */
export const typed = (state: FormState | undefined, name: string, otherwise = ''): string =>
  state?.values[name]?.[0] ?? (state ? '' : otherwise);

const faultsOf = (state: FormState | undefined, name: string) => state?.faults.filter(({ field }) => field === name) ?? [];

function describedBy(id: string, hint: unknown, faults: readonly unknown[]): string | undefined {
  const ids = [...(hint === undefined ? [] : [`${id}-hint`]), ...(faults.length === 0 ? [] : [`${id}-error`])];
  return ids.length > 0 ? ids.join(' ') : undefined;
}

/** Names of the groups around a field, the outermost first. */
const GroupContext = createContext<readonly string[]>([]);

/** The words of a label, without its marks (`optional`, `public`, a weight). */
export function wordsOf(node: React.ReactNode): string {
  if (typeof node === 'string' || typeof node === 'number') return String(node);
  if (Array.isArray(node)) return node.map(wordsOf).join('').trim();
  if (!isValidElement<{ className?: string; children?: React.ReactNode }>(node)) return '';
  return node.props.className === 'mark' ? '' : wordsOf(node.props.children);
}

/** Tells the summary of faults what the field is called. */
function useName(name: string, label: React.ReactNode): void {
  const { fieldNames } = useFacts();
  const groups = use(GroupContext);
  fieldNames?.set(
    name,
    [...groups, wordsOf(label)].filter((one) => one !== ''),
  );
}

function Marks({ required, visibility }: Pick<Labelled, 'required' | 'visibility'>) {
  const t = useT();
  return (
    <>
      {required ? null : <span className="mark"> {t('site:field.optional')}</span>}
      {visibility === undefined ? null : <span className="mark"> {t(`site:field.${visibility}`)}</span>}
    </>
  );
}

function HintAndFaults({ id, hint, faults }: { id: string; hint: React.ReactNode; faults: readonly { readonly text: string }[] }) {
  const t = useT();
  return (
    <>
      {hint === undefined ? null : (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {faults.length === 0 ? null : (
        <p className="fault" id={`${id}-error`}>
          <span className="visually-hidden">{t('site:errorTitle')} </span>
          {faults.map(({ text }) => text).join(' ')}
        </p>
      )}
    </>
  );
}

interface FieldProps extends Labelled {
  readonly type?: 'text' | 'email' | 'password' | 'number' | 'date' | 'url' | 'search' | 'file' | 'tel';
  readonly defaultValue?: string;
  readonly autoComplete?: string;
  readonly inputMode?: 'numeric' | 'decimal';
  /** Characters it is about as wide as. */
  readonly size?: number;
  /** Written over several lines. */
  readonly rows?: number;
  /** Shown as `Prose`: the hint says that Markdown is understood. */
  readonly prose?: true;
  /** Chosen from a list. */
  readonly options?: readonly Option[];
  /** Language of the content, where it is not the page's. */
  readonly lang?: string;
  readonly accept?: string;
}

/** One field with its label, hint and faults: a text, a longer text (`rows`), or a choice from a list (`options`). */
export function Field(props: FieldProps) {
  const t = useT();
  const { name, label, state, required, visibility, type = 'text', defaultValue, rows, prose, options, size, ...more } = props;
  const id = fieldId(name);
  const hint = prose ? [props.hint, t('site:field.prose')].filter(Boolean).join(' ') : props.hint;
  const faults = faultsOf(state, name);
  useName(name, label);
  const control = {
    id,
    name,
    required,
    'aria-invalid': faults.length > 0 ? true : undefined,
    'aria-describedby': describedBy(id, hint, faults),
    ...more,
  };
  const value = type === 'password' || type === 'file' ? undefined : typed(state, name, defaultValue);
  return (
    <div className={faults.length > 0 ? 'field wrong' : 'field'}>
      <label htmlFor={id}>
        {label}
        <Marks required={required ?? false} {...(visibility ? { visibility } : {})} />
      </label>
      <HintAndFaults id={id} hint={hint} faults={faults} />
      {options ? (
        <select {...control} defaultValue={value}>
          <option value="">{t('site:field.choose')}</option>
          {options.map((one) => (
            <option key={one.value} value={one.value}>
              {one.label}
            </option>
          ))}
        </select>
      ) : rows === undefined ? (
        <input
          {...control}
          type={type}
          size={size}
          defaultValue={value}
          dir={['email', 'url', 'tel'].includes(type) ? 'ltr' : 'auto'}
        />
      ) : (
        <textarea {...control} rows={rows} defaultValue={value} dir="auto" />
      )}
    </div>
  );
}

interface ChoicesProps extends Labelled {
  readonly options: readonly Option[];
  /** Several may be chosen: checkboxes instead of radio buttons. */
  readonly several?: boolean;
  readonly defaultValues?: readonly string[];
}

/** One of a few, or some of a few, all of them visible. */
export function Choices({ name, label, hint, state, required, visibility, options, several, defaultValues = [] }: ChoicesProps) {
  const id = fieldId(name);
  const faults = faultsOf(state, name);
  useName(name, label);
  const chosen = state ? (state.values[name] ?? []) : defaultValues;
  return (
    <FieldSet
      legend={label}
      marks={<Marks required={required ?? false} {...(visibility ? { visibility } : {})} />}
      wrong={faults.length > 0}
      describedBy={describedBy(id, hint, faults)}
    >
      <HintAndFaults id={id} hint={hint} faults={faults} />
      {options.map(({ value, label: text, hint: more }, index) => (
        <label className="choice" key={value}>
          <input
            type={several ? 'checkbox' : 'radio'}
            name={name}
            value={value}
            id={index === 0 ? id : undefined}
            defaultChecked={chosen.includes(value)}
          />
          <span>
            {text}
            {more === undefined ? null : <span className="hint">{more}</span>}
          </span>
        </label>
      ))}
    </FieldSet>
  );
}

/** Names a group of fields for the summary of faults, where the group is not a `FieldSet`. */
export function FieldGroup({ name, children }: { name: string; children: React.ReactNode }) {
  const groups = use(GroupContext);
  return <GroupContext value={[...groups, name]}>{children}</GroupContext>;
}

interface FieldSetProps {
  readonly legend: React.ReactNode;
  readonly marks?: React.ReactNode;
  readonly wrong?: boolean;
  readonly describedBy?: string | undefined;
  readonly children: React.ReactNode;
}

/** Fields that belong together. */
export function FieldSet({ legend, marks, wrong, describedBy: described, children }: FieldSetProps) {
  const groups = use(GroupContext);
  return (
    <fieldset className={wrong ? 'field wrong' : 'field'} aria-describedby={described}>
      <legend>
        {legend}
        {marks}
      </legend>
      <GroupContext value={[...groups, wordsOf(legend)].filter((one) => one !== '')}>{children}</GroupContext>
    </fieldset>
  );
}
