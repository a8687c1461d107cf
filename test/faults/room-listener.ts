import { connectRooms, JoinDenied, type Place, type Rooms } from '@concord/client';

/** What a subscriber of a room was told, in order. */
export interface Heard {
  readonly room: string;
  /** Offset at the first answer. */
  readonly from: number;
  readonly log: readonly (
    | { readonly type: 'event'; readonly epoch: string; readonly offset: number; readonly event: string }
    | { readonly type: 'reset'; readonly epoch: string; readonly offset: number }
  )[];
  /** Rooms it was let into without a right. */
  readonly intruded: readonly string[];
}

/** Follows a room over whatever happens to the server, and knocks at rooms that are closed to it. */
export class RoomListener implements Heard {
  readonly log: Heard['log'][number][] = [];
  readonly intruded: string[] = [];
  from = 0;
  connections = 0;
  private reached: { readonly offset: number; readonly done: () => void }[] = [];
  private readonly rooms: Rooms;

  private constructor(
    baseUrl: string,
    readonly room: string,
    token?: string,
  ) {
    this.rooms = connectRooms({
      baseUrl,
      ...(token === undefined ? {} : { token }),
      backOffMs: () => 50,
      answerMs: 5_000,
      onStatus: (status) => void (status === 'connected' && (this.connections += 1)),
    });
  }

  /** Joins a room: from now on or from a place, as nobody in particular or by a token. */
  static async join(
    baseUrl: string,
    room: string,
    { token, from }: { readonly token?: string; readonly from?: Place } = {},
  ): Promise<RoomListener> {
    const listener = new RoomListener(baseUrl, room, token);
    const { place } = await listener.rooms.join(
      room,
      ({ source, id }, { epoch, offset }) => listener.take({ type: 'event', epoch, offset, event: `${source} ${id}` }),
      { ...from, onReset: ({ epoch, offset }) => listener.take({ type: 'reset', epoch, offset }) },
    );
    // Events may have come with the answer, before we look at the place.
    const [first] = listener.log;
    listener.from = from?.offset ?? (first ? first.offset - 1 : place.offset);
    return listener;
  }

  /** The last it was told of: from there another reader may go on. */
  get place(): Place | undefined {
    const last = this.log.at(-1);
    return last && { epoch: last.epoch, offset: last.offset };
  }

  get resets(): number {
    return this.log.filter(({ type }) => type === 'reset').length;
  }

  /** Tries a room that is closed to strangers. */
  async knock(room: string): Promise<void> {
    try {
      await this.rooms.join(room, () => undefined);
      this.intruded.push(room);
    } catch (error) {
      if (!(error instanceof JoinDenied)) throw error;
    }
  }

  /** Resolves when it has been told of this offset. */
  async upTo(offset: number): Promise<void> {
    if ((this.place?.offset ?? this.from) >= offset) return;
    await new Promise<void>((done) => this.reached.push({ offset, done }));
  }

  close(): void {
    this.rooms.close();
  }

  private take(one: Heard['log'][number]): void {
    this.log.push(one);
    for (const { offset, done } of this.reached) if (one.offset >= offset) done();
  }
}
