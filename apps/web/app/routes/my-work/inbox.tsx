import type { InboxPage, ListedItem } from '@concord/contracts';
import { redirect, useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import type { z } from 'zod';
import type { Listed } from '../../api.js';
import { EmptyState, Notice, Page, Pager, PostForm, When } from '../../components/index.js';
import { LiveNews } from '../../components/live.js';
import { useHref, useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act, invalidForm } from '../../server/act.server.js';
import { loadSignedIn } from '../../server/load.server.js';
import type { Visit } from '../../server/visit.server.js';
import { unfollow, type Follow } from './follows.server.js';
import { placeOf } from './places.js';

type Item = z.output<typeof ListedItem>;

const SIZE = 20;
const VIEWS = ['all', 'unread', 'done'] as const;
type View = (typeof VIEWS)[number];
const viewOf = (visit: Visit): View => VIEWS.find((one) => one === visit.url.searchParams.get('view')) ?? 'all';

/** A page of the own inbox, the newest first. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => {
    const view = viewOf(visit);
    const cursor = visit.url.searchParams.get('cursor') ?? undefined;
    const { body } = await visit.api.get<z.output<typeof InboxPage>>('/inbox', {
      query: { limit: SIZE, cursor, ...(view === 'all' ? {} : { [view]: 'true' }) },
    });
    const ids = body.items.flatMap(({ actorOrganisation, forOrganisation }) =>
      [actorOrganisation ?? [], forOrganisation ?? []].flat(),
    );
    return {
      view,
      unread: body.unread,
      person: body.person,
      items: body.items,
      next: body.next,
      names: Object.fromEntries(await visit.namesOf(ids)),
      done: visit.url.searchParams.get('did'),
    };
  });

/** Ends the follow through which an item came. */
async function endFollow(visit: Visit, objectIds: readonly string[], key: string): Promise<void> {
  const { body } = await visit.api.get<Listed<Follow>>('/follows', { query: { objectId: objectIds, limit: 100 } });
  for (const { id, active } of body.items) if (active) await unfollow(visit, id, `${key}-${id}`);
}

/** Marks items: those chosen, one by its own button, or all that are shown. */
export const action = (args: ActionFunctionArgs) =>
  act(args, async (sent) => {
    const { visit, text, all, sending } = sent;
    const [single, number] = (text('one') ?? '').split(':');
    const verb = text('all') ?? single ?? '';
    const back = visit.href(`/inbox?view=${viewOf(visit)}&did=`);
    if (verb === 'unfollow') {
      await endFollow(visit, (number ?? '').split(','), sending.idempotencyKey);
      return redirect(`${back}unfollow`);
    }
    const chosen = verb === '' ? (text('bulk') ?? '') : verb;
    if (!['read', 'unread', 'done'].includes(chosen)) return invalidForm(sent, [{ text: visit.t('problems:invalid') }]);
    const items = number === undefined || number === '' ? all('item').map(Number) : [Number(number)];
    const upTo = text('all') === undefined ? undefined : Number(text('newest'));
    if (upTo === undefined && items.length === 0)
      return invalidForm(sent, [{ field: 'item', text: visit.t('my-work:inbox.chooseFirst') }]);
    await visit.api.post(`/inboxes/${visit.session?.personId}/${chosen}`, {
      body: upTo === undefined ? { items } : { upTo },
      ...sending,
    });
    return redirect(`${back}${chosen}`);
  });

/** What happened that concerns somebody: why, what, who and when; to be marked one by one or many at once. */
export default function Inbox() {
  const t = useT();
  const { view, unread, person, items, next, names, done } = useLoaderData<typeof loader>();
  const state = useActionData() as FormState | undefined;
  const newest = items[0]?.item;
  return (
    <Page
      title={t('site:nav.inbox')}
      lead={
        <>
          {t('my-work:inbox.unread')} <bdi data-live-count={String(unread)}>{unread}</bdi>
        </>
      }
      state={state}
    >
      <Views view={view} />
      <LiveNews room={`person:${person}`} kinds={['InboxChanged']} items href={`/inbox?view=${view}`} />
      {done === null || state ? null : <Notice kind="success">{t('my-work:inbox.changed')}</Notice>}
      {items.length === 0 ? (
        <EmptyState title={t(`my-work:inbox.none.${view}`)} to="/needs" action={t('site:home.find')}>
          {t('my-work:inbox.noneText')}
        </EmptyState>
      ) : (
        <PostForm state={state}>
          {newest === undefined ? null : <input type="hidden" name="newest" value={newest} />}
          <div className="bulk" role="group" aria-label={t('my-work:inbox.bulk')}>
            {view === 'done' ? null : (
              <button type="submit" name="bulk" value="done" className="quiet">
                {t('my-work:inbox.do.done')}
              </button>
            )}
            <button type="submit" name="bulk" value="read" className="quiet">
              {t('my-work:inbox.do.read')}
            </button>
            <button type="submit" name="bulk" value="unread" className="quiet">
              {t('my-work:inbox.do.unread')}
            </button>
            {view === 'done' ? null : (
              <button type="submit" name="all" value="read" className="quiet">
                {t('my-work:inbox.do.readAll')}
              </button>
            )}
          </div>
          <ul className="cards inbox" id="field-item">
            {items.map((one) => (
              <InboxEntry key={one.item} item={one} names={names} />
            ))}
          </ul>
        </PostForm>
      )}
      <Pager next={next} size={SIZE} />
    </Page>
  );
}

function Views({ view }: { view: View }) {
  const t = useT();
  const href = useHref();
  return (
    <nav aria-label={t('my-work:inbox.views')}>
      <ul className="nav">
        {VIEWS.map((one) => (
          <li key={one}>
            <a
              href={`${href('/inbox')}${one === 'all' ? '' : `?view=${one}`}`}
              {...(one === view ? { 'aria-current': 'page' as const } : {})}
            >
              {t(`my-work:inbox.view.${one}`)}
            </a>
          </li>
        ))}
        <li>
          <a href={href('/follows')}>{t('my-work:follows.title')}</a>
        </li>
      </ul>
    </nav>
  );
}

function InboxEntry({ item: one, names }: { item: Item; names: Readonly<Record<string, string>> }) {
  const t = useT();
  const href = useHref();
  const { item, reason, objectKind, objectId, needId, projectId, type, title, actorOrganisation, forOrganisation, at } = one;
  const { unread, done } = one;
  const what = t(`my-work:event.${type.slice(type.lastIndexOf('.') + 1)}`);
  const place = placeOf(one);
  const followed = [...new Set([objectId, needId, projectId, actorOrganisation].filter((id) => id !== undefined))].join(',');
  const button = (value: string, label: string) => (
    <button type="submit" name="one" value={value} className="link">
      {label} <span className="visually-hidden">{what}</span>
    </button>
  );
  return (
    <li className={unread ? 'card unread' : 'card'} data-item={item}>
      <h2 className="card-title">
        <label>
          <input type="checkbox" name="item" value={item} />{' '}
          <span className="visually-hidden">
            {t('my-work:inbox.choose')} {what}
          </span>
        </label>{' '}
        {place === undefined ? what : <a href={href(place)}>{what}</a>}{' '}
        {unread ? <span className="badge waiting">{t('my-work:inbox.isUnread')}</span> : null}
      </h2>
      <p className="meta">
        <span>{t(`my-work:object.${objectKind}`)}</span>
        {title === undefined ? null : <bdi>{title}</bdi>}
        {actorOrganisation === undefined ? null : <bdi>{names[actorOrganisation] ?? ''}</bdi>}
        <When at={at} time />
      </p>
      <p className="meta">
        <span>
          {t('my-work:inbox.why')} {t(`my-work:reason.${reason}`)}
          {forOrganisation === undefined || names[forOrganisation] === undefined ? null : (
            <>
              {' · '}
              <bdi>{names[forOrganisation]}</bdi>
            </>
          )}
        </span>
        {done ? null : button(`done:${item}`, t('my-work:inbox.do.done'))}
        {unread ? button(`read:${item}`, t('my-work:inbox.do.read')) : button(`unread:${item}`, t('my-work:inbox.do.unread'))}
        {reason === 'following' ? button(`unfollow:${followed}`, t('my-work:follow.end')) : null}
      </p>
    </li>
  );
}
