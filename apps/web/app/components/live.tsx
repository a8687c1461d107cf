import { useFacts, useHref, useT } from '../facts.js';

// What app/live/live.ts finds on a page of a signed-in reader. Everything here works as plain links before, and without, it.

/** The inbox in the header with the unread count of the server; the script keeps the number true. */
export function InboxLink() {
  const t = useT();
  const href = useHref();
  const { reader, unread, path } = useFacts();
  if (!reader) return null;
  const count = unread?.count ?? 0;
  return (
    <a className="inbox-link" href={href('/inbox')} {...(path === '/inbox' ? { 'aria-current': 'page' as const } : {})}>
      {t('site:nav.inbox')}{' '}
      <span className="unread-count" data-live-zero="hide" hidden={count === 0} suppressHydrationWarning>
        <span className="visually-hidden">{t('site:live.unread')} </span>
        <bdi data-live-count={count} data-live-sequence={unread?.sequence ?? 0} suppressHydrationWarning>
          {count}
        </bdi>
      </span>
    </a>
  );
}

/** Says when live updates are behind or lost; says nothing while all is well. */
export function LiveState() {
  const t = useT();
  const href = useHref();
  const { reader, realtimeUrl, path, search, liveScript } = useFacts();
  if (!reader || liveScript === undefined) return null;
  return (
    <div
      className="live-state"
      role="status"
      data-live-person={reader.personId}
      data-live-token={href('/socket-token')}
      data-live-unread={href('/inbox/unread')}
      data-live-base={realtimeUrl ?? ''}
    >
      <p data-live-state="updating" hidden suppressHydrationWarning>
        {t('site:live.updating')}
      </p>
      <p data-live-state="lost" hidden suppressHydrationWarning>
        {t('site:live.lost')} <time data-live-since="" dir="ltr" suppressHydrationWarning />.{' '}
        <a href={`${href(path)}${search}`}>{t('site:live.reload')}</a>
      </p>
    </div>
  );
}

interface LiveNewsProps {
  /** The room to listen to: `need:<id>`, `project:<id>`, `person:<id>`. */
  readonly room: string;
  /** Only events of these kinds count; every kind of the room when absent. */
  readonly kinds?: readonly string[];
  /** Only events that bring an item count (the inbox). */
  readonly items?: boolean;
  /** Where what is new stands, below the language; this page with `#history` as a rule. */
  readonly href: string;
  /** Path of the API for the object that the page shows, and its version: what happened while the page was made is then told too. */
  readonly source?: string;
  readonly version?: number;
}

/**
 * Tells a signed-in reader that something new happened since the page was made, with a link to show it. Nothing on the page moves
 * by itself. For others it renders nothing, and their pages stay without scripts.
 */
export function LiveNews({ room, kinds = [], items = false, href: to, source, version }: LiveNewsProps) {
  const t = useT();
  const href = useHref();
  const { reader, liveScript } = useFacts();
  if (!reader || liveScript === undefined) return null;
  return (
    <div
      className="live-news"
      role="status"
      data-live-room={room}
      data-live-kinds={kinds.join(' ')}
      data-live-items={items ? 'only' : 'any'}
      data-live-source={source ?? ''}
      data-live-version={version === undefined ? '' : String(version)}
    >
      <p hidden suppressHydrationWarning>
        {t('site:live.news')} <bdi data-live-news="0">0</bdi>.{' '}
        <a href={href(to)} data-live-show="">
          {t('site:live.show')}
        </a>
      </p>
    </div>
  );
}
