import { redirect, useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import { Page, PostForm } from '../../components/index.js';
import { useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act } from '../../server/act.server.js';
import { absent, loadSignedIn } from '../../server/load.server.js';
import { apiFor, ownOf } from './own.server.js';
import { RoleChoices } from './roles.js';

/** One member, for the administrators. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => {
    const { organisation, members, roles } = await ownOf(visit, args.params['id'] ?? '');
    const member = members.find(({ personId }) => personId === args.params['person']);
    if (!member || !roles.includes('admin') || organisation.standing === 'suspended') throw absent(visit);
    return { organisation: { id: organisation.id, name: organisation.name }, member, me: visit.session?.personId };
  });

/** Gives other roles, or ends the membership. */
export const action = (args: ActionFunctionArgs) => {
  const { id = '', person: personId = '' } = args.params;
  const path = `/organisations/${encodeURIComponent(id)}`;
  return act(
    args,
    async ({ visit, text, all, sending }) => {
      const api = apiFor(visit, id);
      if (text('intent') === 'remove') await api.post(`${path}/remove-member`, { body: { personId }, ...sending });
      else await api.post(`${path}/set-roles`, { body: { personId, roles: all('roles') }, ...sending });
      if (visit.acting?.id === id && personId === visit.session?.personId && text('intent') !== 'remove')
        await visit.actFor({ ...visit.acting, roles: all('roles') });
      return redirect(visit.href(`${path}/members?done=changed`));
    },
    { fieldOf: (pointer) => (pointer.startsWith('/roles') ? 'roles' : undefined), fieldOfCode: { last_admin: 'roles' } },
  );
};

/** Roles of one member. */
export default function MemberPage() {
  const t = useT();
  const { organisation, member, me } = useLoaderData<typeof loader>();
  const state = useActionData() as FormState | undefined;
  const { id, name } = organisation;
  return (
    <Page
      title={t('account:member.title')}
      heading={<bdi>{member.name}</bdi>}
      over={<bdi>{name}</bdi>}
      state={state}
      crumbs={[
        { to: `/organisations/${id}`, label: name },
        { to: `/organisations/${id}/members`, label: t('account:own.members') },
      ]}
    >
      <PostForm state={state} submit={t('account:save')}>
        <RoleChoices state={state} chosen={member.roles} />
      </PostForm>
      {member.personId === me ? null : (
        <section aria-labelledby="remove">
          <h2 id="remove">{t('account:member.remove')}</h2>
          <p>{t('account:member.removeLead')}</p>
          <PostForm>
            <button type="submit" name="intent" value="remove" className="quiet">
              {t('account:member.remove')}
            </button>
          </PostForm>
        </section>
      )}
    </Page>
  );
}
