import { redirect, useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import { Field, Page, PostForm } from '../../components/index.js';
import { useHref, useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act } from '../../server/act.server.js';
import { load, returnPath } from '../../server/load.server.js';
import { openSession } from '../../server/session.server.js';

/** Where a new account goes on: to its organisation. */
const NEXT = '/organisations/new';

const backOf = (given: string | null | undefined): string => (given ? returnPath(given) : NEXT);

/** Where to go on afterwards; who has an account goes there at once. */
export const loader = (args: LoaderFunctionArgs) =>
  load(args, (visit) => {
    const back = backOf(visit.url.searchParams.get('return'));
    if (visit.session) throw redirect(visit.href(back));
    return { back };
  });

/** Makes the account and signs in. */
export const action = (args: ActionFunctionArgs) =>
  act(
    args,
    async ({ visit, form, text }) => {
      const email = text('email') ?? '';
      const password = String(form.get('password') ?? '');
      await visit.publicApi.post('/people', { body: { name: text('name') ?? '', email, password } });
      const { session } = await openSession(visit.publicApi, { email, password });
      await visit.signIn(session);
      await visit.actFor(undefined);
      return redirect(visit.href(backOf(text('return'))));
    },
    { fieldOfCode: { email_taken: 'email', weak_password: 'password' } },
  );

/** A person registers: the first of three steps to a verified organisation. */
export default function Register() {
  const t = useT();
  const href = useHref();
  const { back } = useLoaderData<typeof loader>();
  const state = useActionData() as FormState | undefined;
  return (
    <Page
      title={t('account:register.title')}
      over={back === NEXT ? t('account:step', { number: 1, of: 3 }) : undefined}
      lead={t('account:register.lead')}
      state={state}
    >
      <PostForm state={state} submit={t('account:register.submit')}>
        <input type="hidden" name="return" value={back} />
        <Field
          name="name"
          label={t('account:register.name')}
          hint={t('account:register.nameHint')}
          autoComplete="name"
          required
          state={state}
        />
        <Field
          name="email"
          type="email"
          label={t('site:signIn.email')}
          hint={t('account:register.emailHint')}
          autoComplete="username"
          visibility="private"
          required
          state={state}
        />
        <Field
          name="password"
          type="password"
          label={t('site:signIn.password')}
          hint={t('account:password.rule')}
          autoComplete="new-password"
          visibility="private"
          required
          state={state}
        />
      </PostForm>
      <p>
        {t('account:register.have')} <a href={`${href('/sign-in')}?return=${encodeURIComponent(back)}`}>{t('site:signIn.title')}</a>
      </p>
    </Page>
  );
}
