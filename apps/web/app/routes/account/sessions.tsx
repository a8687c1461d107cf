import type { SessionList } from '@concord/contracts';
import { redirect, useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import type { z } from 'zod';
import { DataTable, ErrorSummary, Notice, Page, PostForm, When } from '../../components/index.js';
import { useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act } from '../../server/act.server.js';
import { loadSignedIn } from '../../server/load.server.js';
import type { Visit } from '../../server/visit.server.js';

const sessions = async (visit: Visit) => (await visit.api.get<z.output<typeof SessionList>>('/sessions')).body.items;

/** Live sessions, and which of them is this one. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => ({
    items: await sessions(visit),
    current: visit.session?.id ?? '',
    done: visit.url.searchParams.has('done'),
  }));

/** Ends one session, or all but this one. */
export const action = (args: ActionFunctionArgs) =>
  act(args, async ({ visit, text, sending }) => {
    const one = text('session');
    const others = (await sessions(visit)).map(({ id }) => id).filter((id) => id !== visit.session?.id);
    const ended = one === undefined ? others : others.filter((id) => id === one);
    for (const id of ended) await visit.api.post(`/sessions/${id}/end`, { idempotencyKey: `${sending.idempotencyKey}-${id}` });
    return redirect(visit.href('/settings/sessions?done=yes'));
  });

/** Where somebody is signed in. */
export default function Sessions() {
  const t = useT();
  const { items, current, done } = useLoaderData<typeof loader>();
  const state = useActionData() as FormState | undefined;
  return (
    <Page
      title={t('account:sessions.title')}
      lead={t('account:sessions.lead')}
      state={state}
      crumbs={[{ to: '/settings', label: t('site:nav.settings') }]}
    >
      <ErrorSummary state={state} />
      {done && !state ? <Notice kind="success">{t('account:sessions.done')}</Notice> : null}
      <DataTable
        caption={t('account:sessions.title')}
        captionHidden
        rows={items}
        rowKey={({ id }) => id}
        columns={[
          { key: 'since', label: t('account:sessions.since'), heads: true, cell: ({ createdAt }) => <When at={createdAt} time /> },
          { key: 'used', label: t('account:sessions.used'), cell: ({ lastUsedAt }) => <When at={lastUsedAt} time /> },
          {
            key: 'step',
            label: t('account:members.step'),
            cell: ({ id }) =>
              id === current ? (
                t('account:sessions.this')
              ) : (
                <PostForm>
                  <button type="submit" name="session" value={id} className="link">
                    {t('account:sessions.end')}
                  </button>
                </PostForm>
              ),
          },
        ]}
      />
      {items.length < 2 ? null : (
        <PostForm>
          <button type="submit" className="quiet">
            {t('account:sessions.endOthers')}
          </button>
        </PostForm>
      )}
    </Page>
  );
}
