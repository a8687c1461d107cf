import { NO_EPOCH, type CloudEvent, type JoinAnswer } from '@concord/contracts';

/** A place in a room's history. */
export interface Place {
  readonly epoch: string;
  readonly offset: number;
}

/** What a reader of a room is told. */
export interface RoomHandlers {
  readonly onEvent: (event: CloudEvent, place: Place) => void;
  /** What happened between the last place and this one cannot be had: fetch the resource again. */
  readonly onReset?: ((place: Place) => void) | undefined;
}

/**
 * Where a reader is in a room: gives each event once and in order, whatever is sent twice or out of turn. `hole` asks for a join
 * from the present place.
 */
export class RoomState {
  constructor(
    private readonly handlers: RoomHandlers,
    private readonly hole: () => void,
    private at: Place | undefined,
  ) {}

  /** The last event seen; undefined before the first answer. */
  get place(): Place | undefined {
    return this.at;
  }

  /** Takes one live event. */
  take(epoch: string, offset: number, event: CloudEvent): void {
    // Before the first answer it is not known what lies before this event.
    if (!this.at) return;
    const begins = this.at.epoch === NO_EPOCH && offset === 1;
    if (epoch === this.at.epoch && offset <= this.at.offset) return;
    if (!begins && (epoch !== this.at.epoch || offset !== this.at.offset + 1)) return this.hole();
    this.at = { epoch, offset };
    this.handlers.onEvent(event, this.at);
  }

  /** Takes the answer to a join. */
  answered(answer: Exclude<JoinAnswer, { status: 'denied' }>): void {
    const { epoch, offset } = answer;
    const before = this.at;
    if (answer.status === 'reset') {
      this.at = { epoch, offset };
      this.handlers.onReset?.(this.at);
      return;
    }
    if (!before) {
      this.at = { epoch, offset };
      return;
    }
    if (before.epoch === NO_EPOCH && before.offset === 0 && epoch !== NO_EPOCH) this.at = { epoch, offset: 0 };
    for (const one of answer.events) this.take(epoch, one.offset, one.event);
    if (this.at?.epoch === epoch && this.at.offset >= offset) return;
    // The answer promised more than it brought.
    this.at = { epoch, offset };
    this.handlers.onReset?.(this.at);
  }
}
