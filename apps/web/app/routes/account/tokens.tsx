import type { Me, TokenIssued, TokenList } from '@concord/contracts';
import { redirect, useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import type { z } from 'zod';
import { Choices, DataTable, EmptyState, Field, Notice, Num, Page, PostForm, When } from '../../components/index.js';
import { useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act } from '../../server/act.server.js';
import { loadSignedIn } from '../../server/load.server.js';

type Token = z.output<typeof TokenList>['items'][number];
interface Made {
  readonly issued: { readonly token: string; readonly expiresAt: string };
}

const SCOPES: Readonly<Record<string, readonly string[]>> = { read: ['read'], write: ['read', 'write'] };
const DAYS = ['30', '90', '365'] as const;

/** The reader's tokens and organisations. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => {
    const [tokens, me] = await Promise.all([
      visit.api.get<z.output<typeof TokenList>>('/tokens'),
      visit.api.get<z.output<typeof Me>>('/me'),
    ]);
    return {
      tokens: tokens.body.items,
      organisations: me.body.memberships.map(({ organisation: { id, name } }) => ({ id, name })),
      // Security uses real time: a token expires by the clock on the wall.
      now: new Date().toISOString(),
      done: visit.url.searchParams.has('done'),
    };
  });

/** Makes a token, or revokes one. */
export const action = (args: ActionFunctionArgs) =>
  act(
    args,
    async ({ visit, text, whole, sending }) => {
      const revoked = text('revoke');
      if (revoked !== undefined) {
        await visit.api.post(`/tokens/${encodeURIComponent(revoked)}/revoke`, { ...sending });
        return redirect(visit.href('/settings/tokens?done=yes'));
      }
      const { body } = await visit.api.post<z.output<typeof TokenIssued>>('/tokens', {
        body: {
          name: text('name'),
          organisationId: text('organisation'),
          scopes: SCOPES[text('scope') ?? ''] ?? [],
          expiresInDays: whole('days'),
        },
      });
      return { issued: { token: body.token, expiresAt: body.expiresAt } } as unknown as FormState;
    },
    {
      fieldOf: (pointer) =>
        pointer.startsWith('/scopes')
          ? 'scope'
          : ({ '/name': 'name', '/organisationId': 'organisation', '/expiresInDays': 'days' } as Record<string, string>)[pointer],
    },
  );

/** API tokens. */
export default function Tokens() {
  const t = useT();
  const { tokens, organisations, now, done } = useLoaderData<typeof loader>();
  const given = useActionData() as FormState | Made | undefined;
  const made = given && 'issued' in given ? given.issued : undefined;
  const state = given && 'issued' in given ? undefined : given;
  const names = new Map(organisations.map(({ id, name }) => [id, name]));
  return (
    <Page
      title={t('account:tokens.title')}
      lead={t('account:tokens.lead')}
      state={state}
      crumbs={[{ to: '/settings', label: t('site:nav.settings') }]}
    >
      {done && !given ? <Notice kind="success">{t('account:tokens.revoked')}</Notice> : null}
      {made ? (
        <Notice kind="success" title={t('account:tokens.made')}>
          <p>
            <code dir="ltr">{made.token}</code>
          </p>
          <p>
            {t('account:tokens.once')} {t('account:until')} <When at={made.expiresAt} />
          </p>
        </Notice>
      ) : null}
      {tokens.length === 0 ? (
        <EmptyState title={t('account:tokens.none')}>{t('account:tokens.noneText')}</EmptyState>
      ) : (
        <TokenTable tokens={tokens} names={names} now={now} />
      )}
      {organisations.length === 0 ? (
        <p>{t('site:acting.empty')}</p>
      ) : (
        <section aria-labelledby="make">
          <h2 id="make">{t('account:tokens.make')}</h2>
          <PostForm state={state} submit={t('account:tokens.submit')}>
            <Field name="name" label={t('account:tokens.name')} hint={t('account:tokens.nameHint')} required state={state} />
            <Field
              name="organisation"
              label={t('site:acting.label')}
              required
              state={state}
              options={organisations.map(({ id, name }) => ({ value: id, label: name }))}
              defaultValue={organisations.length === 1 ? (organisations[0]?.id ?? '') : ''}
            />
            <Choices
              name="scope"
              label={t('account:tokens.scope')}
              required
              state={state}
              defaultValues={['read']}
              options={Object.keys(SCOPES).map((value) => ({ value, label: t(`account:tokens.scopes.${value}`) }))}
            />
            <Choices
              name="days"
              label={t('account:tokens.days')}
              required
              state={state}
              defaultValues={['90']}
              options={DAYS.map((value) => ({ value, label: <Num value={Number(value)} /> }))}
            />
          </PostForm>
        </section>
      )}
    </Page>
  );
}

function TokenTable({ tokens, names, now }: { tokens: readonly Token[]; names: ReadonlyMap<string, string>; now: string }) {
  const t = useT();
  return (
    <DataTable
      caption={t('account:tokens.title')}
      captionHidden
      rows={tokens}
      rowKey={({ id }) => id}
      columns={[
        {
          key: 'name',
          label: t('account:tokens.name'),
          heads: true,
          cell: ({ name, lastFour }) => (
            <>
              <bdi>{name}</bdi> <code dir="ltr">…{lastFour}</code>
            </>
          ),
        },
        { key: 'for', label: t('site:acting.label'), cell: ({ organisationId }) => <bdi>{names.get(organisationId) ?? '–'}</bdi> },
        {
          key: 'scope',
          label: t('account:tokens.scope'),
          cell: ({ scopes }) => t(`account:tokens.scopes.${scopes.includes('write') ? 'write' : 'read'}`),
        },
        { key: 'until', label: t('account:until'), cell: ({ expiresAt }) => <When at={expiresAt} /> },
        {
          key: 'step',
          label: t('account:members.step'),
          cell: ({ id, name, lastFour, revoked, expiresAt }) =>
            revoked ? (
              t('account:tokens.isRevoked')
            ) : expiresAt <= now ? (
              t('account:tokens.isExpired')
            ) : (
              <PostForm>
                <button type="submit" name="revoke" value={id} className="link">
                  {t('account:tokens.revoke')}
                  <span className="visually-hidden">
                    {' '}
                    {name} {lastFour}
                  </span>
                </button>
              </PostForm>
            ),
        },
      ]}
    />
  );
}
