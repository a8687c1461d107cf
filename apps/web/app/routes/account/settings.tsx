import type { Me } from '@concord/contracts';
import { useLoaderData, type LoaderFunctionArgs } from 'react-router';
import type { z } from 'zod';
import { DataTable, EmptyState, Notice, Page, StateBadge } from '../../components/index.js';
import { useHref, useT } from '../../facts.js';
import { loadSignedIn } from '../../server/load.server.js';

const DONE = ['password', 'left'] as const;

/** Who somebody is here. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => ({
    me: (await visit.api.get<z.output<typeof Me>>('/me')).body,
    done: DONE.find((one) => one === visit.url.searchParams.get('done')),
  }));

/** The account: facts, organisations, and the ways to what can be changed. */
export default function Settings() {
  const t = useT();
  const href = useHref();
  const { me, done } = useLoaderData<typeof loader>();
  const { id, name, email, platformRoles, memberships } = me;
  const pages = ['password', 'sessions', 'tokens'] as const;
  return (
    <Page title={t('site:nav.settings')}>
      {done === undefined ? null : <Notice kind="success">{t(`account:settings.done.${done}`)}</Notice>}
      <dl className="facts">
        <div>
          <dt>{t('account:register.name')}</dt>
          <dd>
            <bdi>{name}</bdi>
          </dd>
        </div>
        <div>
          <dt>{t('site:signIn.email')}</dt>
          <dd>
            <bdi dir="ltr">{email}</bdi>
          </dd>
        </div>
        <div>
          <dt>{t('account:settings.number')}</dt>
          <dd>
            <code dir="ltr">{id}</code>
            <p className="hint">{t('account:settings.numberHint')}</p>
          </dd>
        </div>
        {platformRoles.length === 0 ? null : (
          <div>
            <dt>{t('account:settings.platformRoles')}</dt>
            <dd>{platformRoles.map((role) => t(`words:platformRole.${role}`)).join(', ')}</dd>
          </div>
        )}
      </dl>
      <ul>
        {pages.map((page) => (
          <li key={page}>
            <a href={href(`/settings/${page}`)}>{t(`account:${page}.title`)}</a>
          </li>
        ))}
        <li>
          <a href={href('/follows')}>{t('my-work:follows.title')}</a>
        </li>
      </ul>
      <section aria-labelledby="organisations">
        <h2 id="organisations">{t('account:settings.organisations')}</h2>
        {memberships.length === 0 ? (
          <EmptyState title={t('site:acting.emptyTitle')} to="/organisations/new" action={t('site:acting.register')}>
            {t('site:acting.empty')}
          </EmptyState>
        ) : (
          <>
            <Memberships memberships={memberships} />
            <p>
              <a href={href('/organisations/new')}>{t('site:acting.register')}</a>
            </p>
          </>
        )}
      </section>
    </Page>
  );
}

function Memberships({ memberships }: { memberships: z.output<typeof Me>['memberships'] }) {
  const t = useT();
  const href = useHref();
  return (
    <DataTable
      caption={t('account:settings.organisations')}
      captionHidden
      rows={memberships}
      rowKey={({ organisation }) => organisation.id}
      columns={[
        {
          key: 'name',
          label: t('account:field.name'),
          heads: true,
          cell: ({ organisation }) => (
            <a href={href(`/organisations/${organisation.id}`)}>
              <bdi>{organisation.name}</bdi>
            </a>
          ),
        },
        {
          key: 'standing',
          label: t('account:settings.standing'),
          cell: ({ organisation }) => <StateBadge kind="standing" state={organisation.standing} />,
        },
        {
          key: 'roles',
          label: t('account:members.roles'),
          cell: ({ roles }) => roles.map((role) => t(`words:role.${role}`)).join(', '),
        },
      ]}
    />
  );
}
