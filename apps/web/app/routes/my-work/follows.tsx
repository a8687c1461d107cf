import { ApiProblem } from '@concord/client';
import { redirect, useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import type { Listed } from '../../api.js';
import { DataTable, EmptyState, ErrorSummary, Page, Pager, PostForm } from '../../components/index.js';
import { useHref, useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act } from '../../server/act.server.js';
import { loadSignedIn, returnPath } from '../../server/load.server.js';
import type { Visit } from '../../server/visit.server.js';
import { follow, unfollow, type Follow } from './follows.server.js';
import { placeOf } from './places.js';

const SIZE = 20;

/** What the followed object is called, where this reader may still see it. */
async function nameOf(visit: Visit, { objectKind, objectId }: Follow): Promise<string | undefined> {
  if (objectKind === 'organisation') return (await visit.namesOf([objectId])).get(objectId);
  try {
    return (await visit.api.get<{ title: string }>(`/${objectKind}s/${objectId}`)).body.title;
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 404) return undefined;
    throw error;
  }
}

/** What the reader follows, with names. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => {
    const cursor = visit.url.searchParams.get('cursor') ?? undefined;
    const { body } = await visit.api.get<Listed<Follow>>('/follows', { query: { limit: SIZE, cursor } });
    const followed = body.items.filter(({ active }) => active);
    const named = await Promise.all(followed.map(async (one) => ({ ...one, name: await nameOf(visit, one) })));
    return { items: named, next: body.next };
  });

/** Follows or stops following, from wherever the button was. */
export const action = (args: ActionFunctionArgs) =>
  act(args, async ({ visit, text, sending }) => {
    const ended = text('unfollow');
    if (ended === undefined) await follow(visit, text('objectKind') ?? '', text('objectId') ?? '', sending.idempotencyKey);
    else await unfollow(visit, ended, sending.idempotencyKey);
    return redirect(visit.href(returnPath(text('return') ?? '/follows')));
  });

/** What somebody follows. */
export default function Follows() {
  const t = useT();
  const href = useHref();
  const { items, next } = useLoaderData<typeof loader>();
  const state = useActionData() as FormState | undefined;
  return (
    <Page
      title={t('my-work:follows.title')}
      lead={t('my-work:follows.lead')}
      state={state}
      crumbs={[{ to: '/inbox', label: t('site:nav.inbox') }]}
    >
      <ErrorSummary state={state} />
      {items.length === 0 ? (
        <EmptyState title={t('my-work:follows.none')} to="/needs" action={t('site:home.find')}>
          {t('my-work:follows.noneText')}
        </EmptyState>
      ) : (
        <DataTable
          caption={t('my-work:follows.title')}
          captionHidden
          rows={items}
          rowKey={({ id }) => id}
          columns={[
            {
              key: 'name',
              label: t('my-work:about'),
              heads: true,
              cell: ({ objectKind, objectId, name }) => (
                <a href={href(placeOf({ objectKind, objectId }) ?? '/')}>
                  <bdi>{name ?? t(`my-work:object.${objectKind}`)}</bdi>
                </a>
              ),
            },
            { key: 'kind', label: t('my-work:kind'), cell: ({ objectKind }) => t(`my-work:object.${objectKind}`) },
            {
              key: 'step',
              label: t('my-work:step'),
              cell: ({ id, name }) => (
                <PostForm>
                  <button type="submit" name="unfollow" value={id} className="link">
                    {t('my-work:follow.end')}
                    <span className="visually-hidden"> {name ?? ''}</span>
                  </button>
                </PostForm>
              ),
            },
          ]}
        />
      )}
      <Pager next={next} size={SIZE} />
    </Page>
  );
}
