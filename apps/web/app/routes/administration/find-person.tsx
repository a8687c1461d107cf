import { redirect, useActionData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import { ApiProblem } from '@concord/client';
import { Field, Page, PostForm } from '../../components/index.js';
import { useHref, useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act, invalidForm } from '../../server/act.server.js';
import { loadRegistrar } from './registrar.server.js';

/** Nothing to show but the form. */
export const loader = (args: LoaderFunctionArgs) => loadRegistrar(args, () => null);

/** Goes to the person, if there is one. */
export const action = (args: ActionFunctionArgs) =>
  act(args, async (sent) => {
    const { visit, text } = sent;
    const id = text('person') ?? '';
    const nobody = () => invalidForm(sent, [{ field: 'person', text: visit.t('administration:person.nobody') }]);
    try {
      await visit.api.get(`/people/${encodeURIComponent(id)}`);
      return redirect(visit.href(`/admin/people/${id}`));
    } catch (error) {
      if (error instanceof ApiProblem && (error.status === 404 || error.status === 400)) return nobody();
      throw error;
    }
  });

/** Finds a person: by their organisation, or by their id. */
export default function FindPerson() {
  const t = useT();
  const href = useHref();
  const state = useActionData() as FormState | undefined;
  return (
    <Page
      title={t('administration:person.title')}
      lead={t('administration:person.lead')}
      state={state}
      crumbs={[{ to: '/admin', label: t('site:nav.administration') }]}
    >
      <p>
        {t('administration:person.byOrganisation')} <a href={href('/organisations')}>{t('site:nav.organisations')}</a>
      </p>
      <PostForm state={state} submit={t('administration:person.open')}>
        <Field
          name="person"
          label={t('administration:person.id')}
          hint={t('administration:person.idHint')}
          required
          state={state}
        />
      </PostForm>
    </Page>
  );
}
