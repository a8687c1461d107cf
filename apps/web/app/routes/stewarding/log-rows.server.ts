import type { FormState } from '../../form-state.js';
import { invalidForm, type Sent } from '../../server/act.server.js';
import { logRows, MORE_ROWS } from './log-rows.js';

/** The form again with twice as many rows and all that was typed; undefined when another button was pressed. */
export function withMoreRows(sent: Sent): FormState | undefined {
  if (sent.text('intent') !== 'more') return undefined;
  const form = invalidForm(sent, []);
  return { ...form, code: MORE_ROWS, values: { ...form.values, rows: [String(logRows(0, sent.text('rows')) * 2)] } };
}
