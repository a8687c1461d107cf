import type { Server, ServerResponse } from 'node:http';

const LOOK_MS = 20;

/** Lets the requests under way end before a server is closed. */
export class Drain {
  private readonly underWay = new Set<ServerResponse>();
  private closing = false;

  constructor(private readonly server: Server) {
    server.prependListener('request', (_request, response: ServerResponse) => {
      this.underWay.add(response);
      response.once('close', () => this.underWay.delete(response));
      if (this.closing) letGo(response);
    });
  }

  /** Accepts nobody any more; resolves when nothing is under way, or after the deadline to the number of requests cut off. */
  async close(deadlineMs: number): Promise<number> {
    this.closing = true;
    this.server.close();
    for (const response of this.underWay) letGo(response);
    const end = performance.now() + deadlineMs;
    while (this.underWay.size > 0 && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    return this.underWay.size;
  }
}

/** A caller that keeps its connection would send the next request to a server that is going. */
function letGo(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('connection', 'close');
}
