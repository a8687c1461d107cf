import type { Me } from '@concord/contracts';
import { redirect, useActionData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import type { z } from 'zod';
import { Field, Page, PostForm } from '../../components/index.js';
import { useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act } from '../../server/act.server.js';
import { loadSignedIn } from '../../server/load.server.js';
import { openSession } from '../../server/session.server.js';

/** Nothing to show but the form. */
export const loader = (args: LoaderFunctionArgs) => loadSignedIn(args, () => null);

/** Changes the password; that ends every session, so this browser signs in again at once. */
export const action = (args: ActionFunctionArgs) =>
  act(
    args,
    async ({ visit, form }) => {
      const next = String(form.get('nextPassword') ?? '');
      const current = String(form.get('currentPassword') ?? '');
      const me = await visit.api.get<z.output<typeof Me>>('/me');
      await visit.api.post('/me/change-password', { body: { current, next } });
      const { session } = await openSession(visit.publicApi, { email: me.body.email, password: next });
      await visit.signIn(session);
      return redirect(visit.href('/settings?done=password'));
    },
    {
      fieldOf: (pointer) => (pointer === '/next' ? 'nextPassword' : pointer === '/current' ? 'currentPassword' : undefined),
      fieldOfCode: { invalid_credentials: 'currentPassword', weak_password: 'nextPassword' },
    },
  );

/** Another password. */
export default function Password() {
  const t = useT();
  const state = useActionData() as FormState | undefined;
  return (
    <Page
      title={t('account:password.title')}
      lead={t('account:password.lead')}
      state={state}
      crumbs={[{ to: '/settings', label: t('site:nav.settings') }]}
    >
      <PostForm state={state} submit={t('account:password.submit')}>
        <Field
          name="currentPassword"
          type="password"
          label={t('account:password.current')}
          autoComplete="current-password"
          required
          state={state}
        />
        <Field
          name="nextPassword"
          type="password"
          label={t('account:password.next')}
          hint={t('account:password.rule')}
          autoComplete="new-password"
          required
          state={state}
        />
      </PostForm>
    </Page>
  );
}
