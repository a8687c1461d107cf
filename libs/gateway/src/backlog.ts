import type { Socket } from 'socket.io';

/**
 * Counts the bytes that were given to a socket and have not reached the operating system: what a slow reader costs. Counts every
 * packet, whoever wrote it. A batch is flushed when the one before has drained, so batches leave in the order in which they came.
 */
export class Backlog {
  private waiting = 0;
  private readonly batches: number[] = [];
  private underWay = 0;

  constructor(connection: Socket['conn']) {
    connection.on('packetCreate', ({ data }: { data?: string | Buffer }) => {
      this.waiting += data?.length ?? 0;
    });
    connection.on('flush', () => {
      this.batches.push(this.waiting);
      this.underWay += this.waiting;
      this.waiting = 0;
    });
    connection.transport.on('drain', () => {
      this.underWay -= this.batches.shift() ?? 0;
    });
  }

  /** Bytes not yet handed over. Characters count as one byte: a bound, not an account. */
  get bytes(): number {
    return this.waiting + this.underWay;
  }
}
