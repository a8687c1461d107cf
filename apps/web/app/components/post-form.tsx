import { Fragment } from 'react';
import { useFacts, useT } from '../facts.js';
import { CHOICE, ETAG_FIELD, KEY_FIELD, THEIRS, type FormFault, type FormState } from '../form-state.js';

/** The `id` of a field's control: what the error summary links to. */
export const fieldId = (name: string): string => `field-${name.replaceAll(/[^a-zA-Z0-9]+/gu, '-')}`;

/** A fault with the name of its field, so that it can be understood before the link is followed. */
function useFaultText(): (fault: FormFault) => string {
  const t = useT();
  const { fieldNames } = useFacts();
  return ({ field, text }) => {
    const names = (field === undefined ? undefined : fieldNames?.get(field)) ?? [];
    // Some faults name their field themselves.
    if (names.length === 0 || names.some((name) => text.startsWith(name))) return text;
    return t('site:faultAt', { field: names.join(' – '), fault: text });
  };
}

/** Everything that is wrong with a form, above it, with links to the fields. It has the focus when the page comes. */
export function ErrorSummary({ state }: { state: FormState | undefined }) {
  const t = useT();
  const textOf = useFaultText();
  if (!state) return null;
  const { faults, text, correlationId, retryAfterS } = state;
  return (
    // The page is new and this is what the reader has to hear first.
    <div className="error-summary" role="alert" tabIndex={-1} autoFocus aria-labelledby="error-summary-title">
      <h2 id="error-summary-title">{t('site:errorSummary')}</h2>
      {faults.length === 0 || faults.some(({ text: one }) => one === text) ? null : <p>{text}</p>}
      <ul>
        {faults.length === 0 ? <li>{text}</li> : null}
        {faults.map((fault, index) => (
          <li key={index}>{fault.field === undefined ? fault.text : <a href={`#${fieldId(fault.field)}`}>{textOf(fault)}</a>}</li>
        ))}
      </ul>
      {retryAfterS === undefined ? null : <p>{t('site:trouble.retryAfter', { count: retryAfterS })}</p>}
      {correlationId === undefined ? null : (
        <p>
          {t('site:trouble.correlation')} <code dir="ltr">{correlationId}</code>
        </p>
      )}
    </div>
  );
}

interface PostFormProps {
  /** Address to post to; this page's own when absent. */
  readonly action?: string;
  readonly state?: FormState | undefined;
  /** ETag the object had when the page was made. */
  readonly etag?: string | undefined;
  /** Words on the button; none when the children bring their own buttons. */
  readonly submit?: string;
  /** Whether files go with it. */
  readonly files?: boolean;
  /** Labels of the fields, for the page of an edit conflict. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly children: React.ReactNode;
}

/**
 * A form that posts without scripts: with its key, so that sending twice has one effect; with the version it was made for; with
 * the error summary, and both versions when somebody else changed the object meanwhile.
 */
export function PostForm({ action, state, etag, submit, files, labels = {}, children }: PostFormProps) {
  const version = state?.conflict?.etag ?? etag;
  return (
    <>
      <ErrorSummary state={state} />
      <form method="post" action={action} encType={files ? 'multipart/form-data' : undefined} noValidate className="form">
        <input type="hidden" name={KEY_FIELD} value={state?.key ?? crypto.randomUUID()} suppressHydrationWarning />
        {version === undefined ? null : <input type="hidden" name={ETAG_FIELD} value={version} />}
        {state?.conflict ? <BothVersions state={state} theirs={state.conflict.theirs} labels={labels} /> : null}
        {children}
        {submit === undefined ? null : (
          <p className="actions">
            <button type="submit">{submit}</button>
          </p>
        )}
      </form>
    </>
  );
}

/** An edit conflict: each field that differs, with both values and a choice. */
function BothVersions({
  state,
  theirs,
  labels,
}: {
  state: FormState;
  theirs: Readonly<Record<string, string>>;
  labels: Readonly<Record<string, string>>;
}) {
  const t = useT();
  return (
    <div className="conflict">
      <h2>{t('site:conflict.title')}</h2>
      <p>{t('site:conflict.text')}</p>
      {Object.entries(theirs).map(([name, value]) => (
        <Fragment key={name}>
          <input type="hidden" name={`${THEIRS}${name}`} value={value} />
          <fieldset>
            <legend>{labels[name] ?? name}</legend>
            <label className="choice">
              <input type="radio" name={`${CHOICE}${name}`} value="mine" defaultChecked />
              <span>
                {t('site:conflict.mine')} <bdi>{(state.values[name] ?? []).join(', ')}</bdi>
              </span>
            </label>
            <label className="choice">
              <input type="radio" name={`${CHOICE}${name}`} value="theirs" />
              <span>
                {t('site:conflict.theirs')} <bdi>{value}</bdi>
              </span>
            </label>
          </fieldset>
        </Fragment>
      ))}
    </div>
  );
}
