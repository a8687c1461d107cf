import { connectRooms, JoinDenied, type Rooms } from '@concord/client';

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
  ) {
    this.rooms = connectRooms({
      baseUrl,
      backOffMs: () => 50,
      answerMs: 5_000,
      onStatus: (status) => void (status === 'connected' && (this.connections += 1)),
    });
  }

  /** Joins a room everybody may read, as nobody in particular. */
  static async join(baseUrl: string, room: string): Promise<RoomListener> {
    const listener = new RoomListener(baseUrl, room);
    const { place } = await listener.rooms.join(
      room,
      ({ source, id }, { epoch, offset }) => listener.take({ type: 'event', epoch, offset, event: `${source} ${id}` }),
      { onReset: ({ epoch, offset }) => listener.take({ type: 'reset', epoch, offset }) },
    );
    listener.from = place.offset;
    return listener;
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
    if ((this.log.at(-1)?.offset ?? this.from) >= offset) return;
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
