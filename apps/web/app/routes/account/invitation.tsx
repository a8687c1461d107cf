import { ApiProblem } from '@concord/client';
import type { Me, MembershipAnswer } from '@concord/contracts';
import { redirect, useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import type { z } from 'zod';
import { Field, Page, PostForm } from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act, invalidForm } from '../../server/act.server.js';
import { load } from '../../server/load.server.js';
import { actingOf } from '../../server/session.server.js';

/** The token of the address, for whoever was given it. */
export const loader = (args: LoaderFunctionArgs) =>
  load(args, (visit) => ({ token: visit.url.searchParams.get('token') ?? '', signedIn: visit.session !== undefined }));

/** Accepts the invitation and acts for the organisation from now on. */
export const action = (args: ActionFunctionArgs) =>
  act(
    args,
    async (sent) => {
      const { visit, text, sending } = sent;
      const id = encodeURIComponent(args.params['id'] ?? '');
      const wrong = () => invalidForm(sent, [{ field: 'token', text: visit.t('account:invitation.wrong') }]);
      try {
        const { body } = await visit.api.post<z.output<typeof MembershipAnswer>>(`/invitations/${id}/accept`, {
          body: { token: text('token') },
          ...sending,
        });
        const me = await visit.api.get<z.output<typeof Me>>('/me');
        await visit.actFor(actingOf(me.body).find((one) => one.id === body.organisationId));
        return redirect(visit.href(`/organisations/${body.organisationId}?joined=yes`));
      } catch (error) {
        // Who does not hold the token learns nothing, not even that there is an invitation.
        if (error instanceof ApiProblem && error.status === 404) return wrong();
        throw error;
      }
    },
    { fieldOfCode: { invitation_used: 'token', invitation_expired: 'token' } },
  );

/** Accepting an invitation, signed in; or the ways to get there. */
export default function Invitation() {
  const t = useT();
  const href = useHref();
  const { path, search } = useFacts();
  const { token, signedIn } = useLoaderData<typeof loader>();
  const state = useActionData() as FormState | undefined;
  const back = `?return=${encodeURIComponent(path + search)}`;
  return (
    <Page title={t('account:invitation.title')} lead={t('account:invitation.lead')} state={state}>
      {signedIn ? (
        <PostForm state={state} submit={t('account:invitation.submit')}>
          <Field
            name="token"
            label={t('account:invitation.token')}
            hint={t('account:invitation.tokenHint')}
            visibility="private"
            required
            state={state}
            defaultValue={token}
          />
        </PostForm>
      ) : (
        <>
          <p>{t('account:invitation.signIn')}</p>
          <ul className="actions">
            <li>
              <a className="button" href={`${href('/sign-in')}${back}`}>
                {t('site:signIn.title')}
              </a>
            </li>
            <li>
              <a className="button quiet" href={`${href('/register')}${back}`}>
                {t('account:register.title')}
              </a>
            </li>
          </ul>
        </>
      )}
    </Page>
  );
}
