import type { InvitationList, InvitationMade } from '@concord/contracts';
import { redirect, useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import type { z } from 'zod';
import { DataTable, Field, Notice, Page, PostForm, When } from '../../components/index.js';
import { useHref, useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act } from '../../server/act.server.js';
import { loadSignedIn } from '../../server/load.server.js';
import { apiFor, fieldOf, ownOf, type Member } from './own.server.js';
import { OwnPages } from './own-pages.js';
import { RoleChoices } from './roles.js';

type Invitation = z.output<typeof InvitationList>['items'][number];
interface Made {
  readonly invited: { readonly email: string; readonly link: string; readonly expiresAt: string };
}

/** Who belongs to the organisation, and who is invited. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => {
    const id = args.params['id'] ?? '';
    const { organisation, members, roles } = await ownOf(visit, id);
    const admin = roles.includes('admin');
    const invitations = admin
      ? (await apiFor(visit, id).get<z.output<typeof InvitationList>>(`/organisations/${id}/invitations`)).body.items
      : [];
    return {
      organisation: { id, name: organisation.name },
      members,
      invitations,
      me: visit.session?.personId ?? '',
      admin: admin && organisation.standing !== 'suspended',
      done: visit.url.searchParams.get('done'),
    };
  });

/** Invites, withdraws an invitation, or leaves. */
export const action = (args: ActionFunctionArgs) => {
  const id = args.params['id'] ?? '';
  const path = `/organisations/${encodeURIComponent(id)}`;
  return act(
    args,
    async ({ visit, text, all, sending }) => {
      const api = apiFor(visit, id);
      const intent = text('intent');
      if (intent === 'withdraw') {
        await api.post(`${path}/withdraw-invitation`, { body: { invitationId: text('invitation') }, ...sending });
        return redirect(visit.href(`${path}/members?done=withdrawn`));
      }
      if (intent === 'leave') {
        await api.post(`${path}/leave`, { body: {}, ...sending });
        if (visit.acting?.id === id) await visit.actFor(undefined);
        return redirect(visit.href('/settings?done=left'));
      }
      const email = text('email') ?? '';
      const { body } = await api.post<z.output<typeof InvitationMade>>(`${path}/invite`, { body: { email, roles: all('roles') } });
      const link = `${visit.url.origin}${visit.href(`/invitations/${body.id}?token=${body.token}`)}`;
      return { invited: { email, link, expiresAt: body.expiresAt } } as unknown as FormState;
    },
    { fieldOf: (pointer) => (pointer.startsWith('/roles') ? 'roles' : fieldOf(pointer)) },
  );
};

/** Members, their roles, and invitations. */
export default function Members() {
  const t = useT();
  const { organisation, members, invitations, me, admin, done } = useLoaderData<typeof loader>();
  const given = useActionData() as FormState | Made | undefined;
  const made = given && 'invited' in given ? given.invited : undefined;
  const state = given && 'invited' in given ? undefined : given;
  const { id, name } = organisation;
  return (
    <Page
      title={t('account:own.members')}
      over={<bdi>{name}</bdi>}
      state={state}
      crumbs={[
        { to: '/organisations', label: t('site:nav.organisations') },
        { to: `/organisations/${id}`, label: name },
      ]}
    >
      <OwnPages id={id} />
      {done === null || given ? null : (
        <Notice kind="success">{t(`account:members.done.${done === 'withdrawn' ? 'withdrawn' : 'changed'}`)}</Notice>
      )}
      {made ? <Invited made={made} /> : null}
      <MemberTable id={id} members={members} me={me} admin={admin} />
      {invitations.length === 0 ? null : <Invitations invitations={invitations} />}
      {admin ? (
        <section aria-labelledby="invite">
          <h2 id="invite">{t('account:members.invite')}</h2>
          <p>{t('account:members.inviteLead')}</p>
          <PostForm state={state} submit={t('account:members.inviteSubmit')}>
            <Field name="email" type="email" label={t('site:signIn.email')} visibility="private" required state={state} />
            <RoleChoices state={state} chosen={['approver']} />
          </PostForm>
        </section>
      ) : (
        <p>{t('account:members.notAdmin')}</p>
      )}
      <section aria-labelledby="leave">
        <h2 id="leave">{t('account:members.leave')}</h2>
        <p>{t('account:members.leaveLead')}</p>
        <PostForm>
          <button type="submit" name="intent" value="leave" className="quiet">
            {t('account:members.leave')}
          </button>
        </PostForm>
      </section>
    </Page>
  );
}

function Invited({ made }: { made: Made['invited'] }) {
  const t = useT();
  return (
    <Notice kind="success" title={t('account:members.invited')}>
      <p>
        {t('account:members.passOn')} <bdi dir="ltr">{made.email}</bdi>
      </p>
      <p>
        <code dir="ltr">{made.link}</code>
      </p>
      <p>
        {t('account:members.onceUntil')} <When at={made.expiresAt} />
      </p>
    </Notice>
  );
}

interface TableProps {
  readonly id: string;
  readonly members: readonly Member[];
  readonly me: string;
  readonly admin: boolean;
}

function MemberTable({ id, members, me, admin }: TableProps) {
  const t = useT();
  const href = useHref();
  return (
    <DataTable
      caption={t('account:members.caption')}
      rows={members}
      rowKey={({ personId }) => personId}
      columns={[
        {
          key: 'name',
          label: t('account:members.name'),
          heads: true,
          cell: ({ personId, name }) => (
            <>
              <bdi>{name}</bdi> {personId === me ? <span className="mark">{t('account:members.you')}</span> : null}
            </>
          ),
        },
        {
          key: 'roles',
          label: t('account:members.roles'),
          cell: ({ roles }) => roles.map((role) => t(`words:role.${role}`)).join(', '),
        },
        ...(admin
          ? [
              {
                key: 'change',
                label: t('account:members.step'),
                cell: ({ personId, name }: Member) => (
                  <a href={href(`/organisations/${id}/members/${personId}`)}>
                    {t('account:members.change')}
                    <span className="visually-hidden">
                      {' '}
                      <bdi>{name}</bdi>
                    </span>
                  </a>
                ),
              },
            ]
          : []),
      ]}
    />
  );
}

function Invitations({ invitations }: { invitations: readonly Invitation[] }) {
  const t = useT();
  return (
    <DataTable
      caption={t('account:members.open')}
      rows={invitations}
      rowKey={({ id }) => id}
      columns={[
        { key: 'email', label: t('site:signIn.email'), heads: true, cell: ({ email }) => <bdi dir="ltr">{email}</bdi> },
        {
          key: 'roles',
          label: t('account:members.roles'),
          cell: ({ roles }) => roles.map((role) => t(`words:role.${role}`)).join(', '),
        },
        { key: 'until', label: t('account:until'), cell: ({ expiresAt }) => <When at={expiresAt} /> },
        {
          key: 'step',
          label: t('account:members.step'),
          cell: ({ id, email }) => (
            <PostForm>
              <input type="hidden" name="invitation" value={id} />
              <button type="submit" name="intent" value="withdraw" className="link">
                {t('account:members.withdraw')}
                <span className="visually-hidden"> {email}</span>
              </button>
            </PostForm>
          ),
        },
      ]}
    />
  );
}
