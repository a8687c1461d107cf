import { redirect, useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import { Page } from '../../components/index.js';
import { SignInForm } from '../../components/sign-in-form.js';
import { useHref, useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act } from '../../server/act.server.js';
import { load, returnPath } from '../../server/load.server.js';
import { openSession } from '../../server/session.server.js';

/** Where to go after sign-in. */
export const loader = (args: LoaderFunctionArgs) =>
  load(args, (visit) => ({ back: returnPath(visit.url.searchParams.get('return')) }));

/** What was typed before the session ended and is sent again now, to the page it was typed on. */
interface Continued {
  readonly to: string;
  readonly typed: readonly (readonly [string, string])[];
}

/** Signs in; somebody with several organisations chooses next. */
export async function action(args: ActionFunctionArgs) {
  return act(
    args,
    async ({ visit, form, text }) => {
      const back = returnPath(text('return') ?? null);
      const { session, memberships } = await openSession(visit.publicApi, {
        email: text('email') ?? '',
        password: String(form.get('password') ?? ''),
      });
      await visit.signIn(session);
      const same = memberships.find(({ id }) => id === visit.acting?.id) ?? (memberships.length === 1 ? memberships[0] : undefined);
      await visit.actFor(same);
      const given = text('typed');
      if (given !== undefined) return { continued: { to: back, typed: typedOf(given) } } as unknown as FormState;
      const choose = !same && memberships.length > 1;
      return redirect(visit.href(choose ? `/acting?return=${encodeURIComponent(back)}` : back));
    },
    { fieldOfCode: { invalid_credentials: 'password' } },
  );
}

function typedOf(text: string): Continued['typed'] {
  const given: unknown = JSON.parse(text);
  const isPair = (one: unknown): one is readonly [string, string] =>
    Array.isArray(one) && one.length === 2 && one.every((part) => typeof part === 'string');
  return Array.isArray(given) ? given.filter(isPair) : [];
}

/** The sign-in page; after it, where something had been typed, the button that sends it. */
export default function SignIn() {
  const t = useT();
  const { back } = useLoaderData<typeof loader>();
  const state = useActionData() as (FormState & { continued?: undefined }) | { readonly continued: Continued } | undefined;
  if (state?.continued) return <Continue {...state.continued} />;
  const kept = state?.values['typed']?.[0];
  return (
    <Page title={t('site:signIn.title')} lead={t('site:signIn.lead')} state={state}>
      <SignInForm
        back={state?.values['return']?.[0] ?? back}
        state={state}
        typed={kept === undefined ? [] : (JSON.parse(kept) as Continued['typed'])}
      />
    </Page>
  );
}

function Continue({ to, typed }: Continued) {
  const t = useT();
  const href = useHref();
  return (
    <Page title={t('site:typedKept.done')} lead={t('site:typedKept.send')}>
      <form method="post" action={href(to)}>
        {typed.map(([name, value], index) => (
          <input key={index} type="hidden" name={name} value={value} />
        ))}
        <p className="actions">
          <button type="submit">{t('site:typedKept.button')}</button>
        </p>
      </form>
    </Page>
  );
}
