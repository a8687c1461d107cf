import { useHref, useT } from '../facts.js';
import type { FormState } from '../form-state.js';
import { Field } from './field.js';
import { PostForm } from './post-form.js';

interface SignInFormProps {
  /** Path below the language to go to afterwards. */
  readonly back: string;
  /** What was typed on that page before the session ended, field by field. */
  readonly typed?: readonly (readonly [string, string])[];
  readonly state?: FormState | undefined;
}

/** E-mail address and password; works without scripts, with pasting and with password managers. */
export function SignInForm({ back, typed = [], state }: SignInFormProps) {
  const t = useT();
  const href = useHref();
  return (
    <PostForm action={href('/sign-in')} state={state} submit={t('site:signIn.submit')}>
      <input type="hidden" name="return" value={back} />
      {typed.length > 0 ? <input type="hidden" name="typed" value={JSON.stringify(typed)} /> : null}
      <Field name="email" type="email" label={t('site:signIn.email')} autoComplete="username" required state={state} />
      <Field
        name="password"
        type="password"
        label={t('site:signIn.password')}
        autoComplete="current-password"
        required
        state={state}
      />
    </PostForm>
  );
}
