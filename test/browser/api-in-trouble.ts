import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

/** What goes wrong with matching requests: an answer instead of the API's, or the API's own answer lost on its way back. */
export interface Trouble {
  readonly matches: (method: string, path: string) => boolean;
  readonly times: number;
  readonly answer?: { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body: object };
}

/** The pages as a process of their own, before an API that can be made to fail. */
export class PagesBeforeTrouble {
  private trouble: Trouble | undefined;
  private left = 0;
  /** Requests that changed something, as they reached the API: `POST /api/v1/needs <key>`. */
  readonly commands: string[] = [];

  private constructor(
    private readonly proxy: Server,
    private readonly pages: ChildProcess,
    /** Where the pages are. */
    readonly url: string,
  ) {}

  /** Starts the pages; they reach the API at `api` through a proxy of this class. */
  static async start(api: string): Promise<PagesBeforeTrouble> {
    const target = new URL(api);
    const made: { self?: PagesBeforeTrouble } = {};
    const proxy = createServer((incoming, outgoing) => made.self?.forward(target, incoming, outgoing));
    await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
    const pages = spawn(process.execPath, ['apps/web/bin/web.mjs'], {
      cwd: ROOT,
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        CONCORD_API: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
        CONCORD_WEB_SECRET: 'a secret of the tests that is long enough',
        CONCORD_WEB_PORT: '0',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    const url = await new Promise<string>((found, fail) => {
      pages.stderr.on('data', (chunk) => (said += String(chunk)));
      pages.stdout.on('data', (chunk) => {
        const at = /ready at (\S+)/u.exec((said += String(chunk)))?.[1];
        if (at !== undefined) found(at);
      });
      pages.on('exit', (code) => fail(new Error(`the pages ended with ${code}: ${said}`)));
    });
    made.self = new PagesBeforeTrouble(proxy, pages, url);
    return made.self;
  }

  /** Makes the next matching requests fail. */
  make(trouble: Trouble): void {
    this.trouble = trouble;
    this.left = trouble.times;
  }

  /** Ends both. */
  async stop(): Promise<void> {
    const ended = new Promise((done) => this.pages.once('exit', done));
    this.pages.kill('SIGTERM');
    await ended;
    this.proxy.closeAllConnections();
    this.proxy.close();
  }

  private forward(target: URL, incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method = 'GET', url = '/', headers } = incoming;
    if (method !== 'GET') this.commands.push(`${method} ${url} ${headers['idempotency-key'] as string}`);
    const hit = this.left > 0 && this.trouble?.matches(method, url) === true;
    if (hit) this.left -= 1;
    const answer = hit ? this.trouble?.answer : undefined;
    if (answer) {
      incoming.resume();
      outgoing
        .writeHead(answer.status, { 'content-type': 'application/problem+json', ...answer.headers })
        .end(JSON.stringify(answer.body));
      return;
    }
    const sent = request(
      { host: target.hostname, port: target.port, method, path: url, headers: { ...headers, host: target.host } },
      (received) => {
        // The API did it, and nobody hears of it.
        if (hit) return received.resume().on('end', () => outgoing.destroy());
        outgoing.writeHead(received.statusCode ?? 502, received.headers);
        return received.pipe(outgoing);
      },
    );
    sent.on('error', () => outgoing.destroy());
    incoming.pipe(sent);
  }
}
