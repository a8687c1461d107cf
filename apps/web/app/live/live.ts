import { connectRooms, JoinDenied, type Rooms } from '@concord/client';
import { Counts, News } from './parts.js';
import { ConnectionState } from './connection-state.js';

// Keeps a page of a signed-in reader live. It changes numbers and shows messages, never what the reader is looking at.

const IDLE_MS_MAX = 2_000;

/** What components/live.tsx wrote into the page. */
interface Given {
  readonly person: string;
  readonly tokenUrl: string;
  readonly unreadUrl: string;
  readonly baseUrl: string;
}

function given(): Given | undefined {
  const data = document.querySelector<HTMLElement>('[data-live-person]')?.dataset;
  if (!data) return undefined;
  const { livePerson = '', liveToken = '', liveUnread = '', liveBase = '' } = data;
  return { person: livePerson, tokenUrl: liveToken, unreadUrl: liveUnread, baseUrl: liveBase === '' ? location.origin : liveBase };
}

/** A token of a few minutes for the rooms; none when the session is over. */
async function token(url: string): Promise<string | undefined> {
  const answer = await fetch(url);
  return answer.status === 200 ? ((await answer.json()) as { token: string }).token : undefined;
}

/** Joins a room; one this reader may not be in stays silent. */
async function join(rooms: Rooms, room: string, onEvent: Parameters<Rooms['join']>[1], again: () => void): Promise<void> {
  try {
    await rooms.join(room, onEvent, { onReset: again });
    again();
  } catch (error) {
    if (!(error instanceof JoinDenied)) throw error;
  }
}

function start({ person, tokenUrl, unreadUrl, baseUrl }: Given): void {
  const counts = new Counts(document, unreadUrl);
  const news = [...document.querySelectorAll<HTMLElement>('[data-live-room]')].map((element) => new News(element));
  const state = new ConnectionState(document, () => void counts.read());
  const rooms = connectRooms({ baseUrl, token: () => token(tokenUrl), onStatus: (status) => state.changed(status) });
  const names = new Set([`person:${person}`, ...news.map(({ room }) => room)]);
  for (const room of names) {
    const told = news.filter((one) => one.room === room);
    const own = room === `person:${person}`;
    void join(
      rooms,
      room,
      (event) => {
        if (own) counts.take(event);
        for (const one of told) one.take(event);
      },
      () => {
        if (own) void counts.read();
        for (const one of told) void one.compare();
      },
    );
  }
  // Browsers put tabs to sleep: the one that is looked at again tells the truth at once.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void counts.read();
  });
  addEventListener('pagehide', () => rooms.close());
}

const found = given();
if (found) {
  const idle = globalThis.requestIdleCallback as typeof requestIdleCallback | undefined;
  if (idle) idle(() => start(found), { timeout: IDLE_MS_MAX });
  else setTimeout(() => start(found), 1);
}
