/** What a room tells of an event, as far as a page needs it. */
export interface Told {
  readonly type: string;
  readonly sequence: number;
  readonly data?: unknown;
}

const kindOf = (type: string): string => type.slice(type.lastIndexOf('.') + 1);

/** The unread count wherever it stands on the page. Of two counts the one with the higher sequence is true, whichever came first. */
export class Counts {
  private sequence = -1;

  constructor(
    private readonly page: ParentNode,
    private readonly url: string,
  ) {
    const written = page.querySelector<HTMLElement>('[data-live-sequence]')?.dataset['liveSequence'];
    this.sequence = Number(written ?? -1);
  }

  /** Takes the count that came with an event of the own inbox. */
  take({ type, sequence, data }: Told): void {
    if (kindOf(type) === 'InboxChanged') this.show((data as { unread: number }).unread, sequence);
  }

  /** Asks the server; a count that cannot be had leaves the last one. */
  async read(): Promise<void> {
    try {
      const answer = await fetch(this.url);
      if (answer.status !== 200) return;
      const { unread, sequence } = (await answer.json()) as { unread: number; sequence: number };
      this.show(unread, sequence);
    } catch {
      // The connection state on the page says that it is behind.
    }
  }

  private show(unread: number, sequence: number): void {
    if (sequence < this.sequence) return;
    this.sequence = sequence;
    for (const element of this.page.querySelectorAll<HTMLElement>('[data-live-count]')) {
      element.textContent = String(unread);
      const hides = element.closest<HTMLElement>('[data-live-zero]');
      if (hides) hides.hidden = unread === 0;
    }
  }
}

/** The message that something new happened since the page was made. */
export class News {
  /** The room it listens to. */
  readonly room: string;
  private count = 0;
  private readonly kinds: readonly string[];
  private readonly seen = new Set<string>();

  constructor(private readonly element: HTMLElement) {
    const { liveRoom = '', liveKinds = '' } = element.dataset;
    this.room = liveRoom;
    this.kinds = liveKinds === '' ? [] : liveKinds.split(' ');
    const link = element.querySelector<HTMLAnchorElement>('[data-live-show]');
    link?.addEventListener('click', (event) => {
      event.preventDefault();
      // A link to a part of this very page would not load it anew.
      history.replaceState(null, '', link.href);
      location.reload();
    });
  }

  /** Counts an event, if it is one that this page tells of. */
  take({ type, data }: Told): void {
    if (this.kinds.length > 0 && !this.kinds.includes(kindOf(type))) return;
    if (this.element.dataset['liveItems'] === 'only' && (data as { item?: unknown } | undefined)?.item === undefined) return;
    this.add();
  }

  /** Whether the object changed while the page was made, or while the connection was lost. */
  async compare(): Promise<void> {
    const { liveSource = '', liveVersion = '' } = this.element.dataset;
    if (liveSource === '' || liveVersion === '' || this.count > 0) return;
    try {
      const answer = await fetch(liveSource, { credentials: 'omit' });
      const etag = answer.headers.get('etag');
      if (!answer.ok || etag === null || etag === `"${liveVersion}"` || this.seen.has(etag)) return;
      this.seen.add(etag);
      this.add();
    } catch {
      // What cannot be compared now is told by the next event.
    }
  }

  private add(): void {
    this.count += 1;
    const shown = this.element.querySelector<HTMLElement>('[data-live-news]');
    if (shown) shown.textContent = String(this.count);
    const message = this.element.querySelector('p');
    if (message) message.hidden = false;
  }
}
