import type { PersonCard } from '@concord/contracts';
import { redirect, useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import type { z } from 'zod';
import { Choices, Notice, Page, PostForm } from '../../components/index.js';
import { useFacts, useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act } from '../../server/act.server.js';
import { loadRegistrar } from './registrar.server.js';

const ROLES = ['registrar', 'trust_officer', 'catalogue_editor'] as const;

/** A person with the platform roles they hold. */
export const loader = (args: LoaderFunctionArgs) =>
  loadRegistrar(args, async (visit) => ({
    person: (await visit.api.get<z.output<typeof PersonCard>>(`/people/${encodeURIComponent(args.params['id'] ?? '')}`)).body,
    done: visit.url.searchParams.has('done'),
  }));

/** Sets the platform roles of another person. */
export const action = (args: ActionFunctionArgs) => {
  const path = `/people/${encodeURIComponent(args.params['id'] ?? '')}`;
  return act(
    args,
    async ({ visit, all, sending }) => {
      await visit.api.post(`${path}/set-platform-roles`, { body: { roles: all('roles') }, ...sending });
      return redirect(visit.href(`/admin${path}?done=yes`));
    },
    { fieldOfCode: { same_person: 'roles' } },
  );
};

/** Platform roles of one person. */
export default function PersonPage() {
  const t = useT();
  const { reader } = useFacts();
  const { person, done } = useLoaderData<typeof loader>();
  const state = useActionData() as FormState | undefined;
  return (
    <Page
      title={person.name}
      heading={<bdi>{person.name}</bdi>}
      over={<bdi dir="ltr">{person.email ?? ''}</bdi>}
      state={state}
      crumbs={[
        { to: '/admin', label: t('site:nav.administration') },
        { to: '/admin/people', label: t('administration:person.title') },
      ]}
    >
      {done && !state ? <Notice kind="success">{t('administration:outcome.done')}</Notice> : null}
      {reader?.personId === person.id ? (
        <>
          <p>{(person.platformRoles ?? []).map((role) => t(`words:platformRole.${role}`)).join(', ')}</p>
          <p>{t('administration:person.own')}</p>
        </>
      ) : (
        <PostForm state={state} submit={t('account:save')}>
          <Choices
            name="roles"
            label={t('account:settings.platformRoles')}
            several
            state={state}
            defaultValues={person.platformRoles ?? []}
            options={ROLES.map((value) => ({
              value,
              label: t(`words:platformRole.${value}`),
              hint: t(`administration:roleMeans.${value}`),
            }))}
          />
        </PostForm>
      )}
    </Page>
  );
}
