import { Field } from '../../components/index.js';
import { useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';

/** The reason of a step (R32). It is public. */
export function ReasonField({ state, hint }: { state: FormState | undefined; hint?: string }) {
  const t = useT();
  return (
    <Field
      name="reason"
      label={t('needs-forms:field.reason')}
      hint={hint ?? t('needs-forms:hint.reason')}
      required
      rows={4}
      state={state}
      visibility="public"
    />
  );
}
