import pg, { type ClientConfig, type Pool } from 'pg';
import { uuidv7 } from '../clock.js';

/** Longest NOTIFY payload that PostgreSQL takes is 8,000 bytes. */
const BYTES_MAX = 7_900;
/** Messages that wait while one is under way; beyond them everyone is told to look again. */
const WAITING_MAX = 500;
const RECONNECT_MS = 250;
/** A connection that does not answer for this long is given up. */
const ANSWER_MS_MAX = 5_000;
/** How often the connection is tried, and what may have been missed is looked at anew. */
const BEAT_MS = 15_000;

/** What a process hears from the others. */
export interface SiblingListener {
  heard(message: unknown): void;
  /** Messages may have been lost: whatever they would have told has to be looked up again. */
  missed(): void;
  failed(error: unknown): void;
}

/**
 * The other processes that run the same context over the same database. What one tells reaches all others by NOTIFY, several
 * messages in one statement while one is under way, never inside a command's transaction. A message is a hint that may be lost;
 * `missed` is the guarantee: after every break of the connection, and every fifteen seconds anyhow.
 */
export class Siblings {
  private readonly self = uuidv7();
  private readonly channel: string;
  private waiting: string[] = [];
  private pool: Pool | undefined;
  private telling: Promise<void> | undefined;
  private client: pg.Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    context: string,
    private readonly listener: SiblingListener,
  ) {
    this.channel = `concord_${context}`;
  }

  /** Listens from now on, and tells what waited. Tries again by itself while the database is away. */
  start(pool: Pool): void {
    this.pool = pool;
    void this.listen();
    this.timer = setInterval(() => void this.beat(), BEAT_MS);
    this.timer.unref();
    this.flush();
  }

  /** Tells the others; returns at once. */
  tell(message: unknown): void {
    const text = JSON.stringify({ from: this.self, message });
    this.waiting.push(Buffer.byteLength(text) > BYTES_MAX ? this.lookAgain() : text);
    if (this.waiting.length > WAITING_MAX) this.waiting = [this.lookAgain()];
    this.flush();
  }

  /** Stops listening; what waits is told first. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.telling;
    await this.client?.end().catch((error: unknown) => this.listener.failed(error));
  }

  private readonly lookAgain = (): string => JSON.stringify({ from: this.self });

  private flush(): void {
    if (this.waiting.length === 0 || !this.pool) return;
    this.telling ??= this.send(this.pool).finally(() => {
      this.telling = undefined;
      if (!this.stopped) this.flush();
    });
  }

  private async send(pool: Pool): Promise<void> {
    const messages = this.waiting;
    this.waiting = [];
    try {
      await pool.query('SELECT pg_notify($1, message) FROM unnest($2::text[]) AS message', [this.channel, messages]);
    } catch (error) {
      this.listener.failed(error);
      this.waiting = [this.lookAgain()];
      await this.pause();
    }
  }

  private async listen(): Promise<void> {
    while (!this.stopped && this.pool) {
      const client = new pg.Client({ ...(this.pool.options as ClientConfig), query_timeout: ANSWER_MS_MAX });
      const ended = new Promise<void>((resolve) => client.once('end', resolve));
      client.on('error', (error) => this.listener.failed(error));
      client.on('notification', ({ payload }) => this.take(payload));
      try {
        await client.connect();
        this.client = client;
        await client.query(`LISTEN ${pg.escapeIdentifier(this.channel)}`);
        this.listener.missed();
        await ended;
      } catch (error) {
        this.listener.failed(error);
        await client.end().catch((again: unknown) => this.listener.failed(again));
      }
      await this.pause();
    }
  }

  private take(payload: string | undefined): void {
    const { from, message } = JSON.parse(payload ?? '{}') as { from?: string; message?: unknown };
    if (from === this.self) return;
    if (message === undefined) this.listener.missed();
    else this.listener.heard(message);
  }

  /** A connection may be dead without having said so. */
  private async beat(): Promise<void> {
    this.listener.missed();
    const { client } = this;
    await client?.query('SELECT 1').catch(async (error: unknown) => {
      this.listener.failed(error);
      await client.end();
    });
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, this.stopped ? 0 : RECONNECT_MS));
  }
}
