import { redirect, useActionData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import { ErrorSummary, Page } from '../../components/index.js';
import { useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act } from '../../server/act.server.js';
import { loadSignedIn } from '../../server/load.server.js';
import { needPath } from './own-need.server.js';

/** There is nothing to read here: the shortlist is a page of its own. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, (visit) => {
    throw redirect(visit.href('/pins'));
  });

/** Puts the need on the organisation's own shortlist, or takes it off. */
export const action = (args: ActionFunctionArgs) =>
  act(args, async ({ visit, text, sending }) => {
    const verb = text('step') === 'unpin' ? 'unpin' : 'pin';
    await visit.api.post(`${needPath(args.params)}/${verb}`, { body: {}, ...sending });
    return redirect(visit.href('/pins'));
  });

/** Only seen when it was refused. */
export default function Pin() {
  const t = useT();
  const state = useActionData() as FormState | undefined;
  return (
    <Page title={t('needs-forms:pins.title')} state={state}>
      <ErrorSummary state={state} />
    </Page>
  );
}
