import type { Server, ServerResponse } from 'node:http';

const LOOK_MS = 20;

/** Lets the requests under way end before a server is closed. */
export class Drain {
  private underWay = 0;
  private closing = false;

  constructor(private readonly server: Server) {
    server.prependListener('request', (_request, response: ServerResponse) => {
      this.underWay += 1;
      response.once('close', () => (this.underWay -= 1));
      // A caller that keeps its connection would send the next request to a server that is going.
      if (this.closing) response.setHeader('connection', 'close');
    });
  }

  /** Accepts nobody any more; resolves when nothing is under way, or after the deadline to the number of requests cut off. */
  async close(deadlineMs: number): Promise<number> {
    this.closing = true;
    this.server.close();
    const end = performance.now() + deadlineMs;
    while (this.underWay > 0 && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    return this.underWay;
  }
}
