import { createClient } from '@concord/client';
import { setTimeout as pause } from 'node:timers/promises';
import type { Chance } from './chance.js';
import type { Answered, History, Intent } from './history.js';

/** How long a single answer may take: longer than a command waits for a lost database. */
const ANSWER_MS_MAX = 30_000;
/** What the client library may do for one attempt of ours: its own repeats, each as long as a gateway may take and a little more. */
const LIBRARY = { attemptsMax: 3, timeoutMs: 8_000 };

/** Somebody who acts for an organisation by an API token. */
export interface Party {
  readonly id: string;
  readonly token: string;
}

/** Sends commands and records what came back, or that nothing did. Sends again under the same key until it is settled. */
export class FaultClient {
  constructor(
    /** Addresses of the instances; the attempts at a command take turns among them. */
    private readonly bases: readonly string[],
    private readonly history: History,
    private readonly chance: Chance,
    /**
     * `hangUp`: share of attempts whose client goes away before the answer; `givenUp`: ends what would never be settled; `library`:
     * whether commands go through the client library, which repeats by itself before we do.
     */
    private readonly options: { readonly hangUp: number; readonly givenUp: AbortSignal; readonly library?: boolean },
  ) {}

  /** Sends an intent in several copies at once, and again until it has a final answer. */
  async settle(party: Party, intent: Intent, copies: number): Promise<Answered> {
    this.history.intents.push(intent);
    for (let attempt = 1; ;) {
      const numbers = Array.from({ length: attempt === 1 ? copies : 1 }, (_, index) => attempt + index);
      const answers = await Promise.all(numbers.map((number) => this.attempt(party, intent, number)));
      const answer = answers.find((one) => one !== undefined);
      if (answer) return answer;
      this.options.givenUp.throwIfAborted();
      attempt += numbers.length;
      await pause(this.chance.between(20, 200));
    }
  }

  /** Sends a settled intent once more; undefined when no final answer came. */
  async again(party: Party, intent: Intent, attempt: number): Promise<Answered | undefined> {
    return this.attempt(party, intent, attempt);
  }

  /** Sends a settled key with another body and records the status. */
  async probe(party: Party, intent: Intent, body: unknown): Promise<void> {
    const response = await this.post(party, { ...intent, body }, `${intent.key}/probe`);
    await response.text();
    this.history.probes.push({ key: intent.key, status: response.status });
  }

  /** Reads an object and records what was seen; nothing when there is no answer now. */
  async read(path: string): Promise<void> {
    const from = performance.now();
    try {
      const response = await fetch(`${this.chance.pick(this.bases)}/api/v1${path}`, { signal: AbortSignal.timeout(ANSWER_MS_MAX) });
      if (!response.ok) return void (await response.text());
      const body = (await response.json()) as { id: string; version: number; pledged?: number; target?: number };
      const line = body.target === undefined ? {} : { taken: body.pledged ?? 0, target: body.target };
      this.history.readings.push({ object: body.id, version: body.version, from, to: performance.now(), ...line });
    } catch {
      // Nobody was there to be asked.
    }
  }

  private async attempt(party: Party, intent: Intent, attempt: number): Promise<Answered | undefined> {
    const hangUp = this.chance.happens(this.options.hangUp) ? AbortSignal.timeout(this.chance.between(1, 15)) : undefined;
    if (this.options.library) return this.attemptByLibrary(party, intent, attempt, hangUp);
    return this.recorded(intent.key, attempt, () => this.post(party, intent, `${intent.key}/${attempt}`, hangUp));
  }

  /** One call of the client library; each of its sends is recorded as it is seen on the wire. */
  private async attemptByLibrary(
    { id: organisation, token }: Party,
    { key, path, body }: Intent,
    attempt: number,
    hangUp?: AbortSignal,
  ): Promise<Answered | undefined> {
    let answer: Answered | undefined;
    const watched: typeof fetch = async (input, init) => {
      let response: Response | undefined;
      let fault: unknown;
      answer = await this.recorded(key, attempt, async () => {
        try {
          response = await fetch(input, init);
          return response.clone();
        } catch (error) {
          fault = error;
          throw error;
        }
      });
      if (!response) throw fault;
      return response;
    };
    const client = createClient({ baseUrl: this.baseOf(attempt), token, organisation, ...LIBRARY, fetch: watched });
    const headers = { 'x-correlation-id': `${key}/${attempt}` };
    // What it throws is in the record: a refusal is an answer, and the rest is to be sent again.
    await client.post(path, { body, idempotencyKey: key, headers, ...(hangUp && { signal: hangUp }) }).catch(() => undefined);
    return answer;
  }

  /** Sends once and records what came of it; undefined when that is no final answer. */
  private async recorded(key: string, attempt: number, send: () => Promise<Response>): Promise<Answered | undefined> {
    this.history.add({ type: 'invoke', key, attempt, at: performance.now() });
    try {
      const response = await send();
      const answer: Answered = {
        status: response.status,
        etag: response.headers.get('etag') ?? undefined,
        replayed: response.headers.has('idempotent-replayed'),
        body: await response.text(),
      };
      const at = performance.now();
      // A bug of ours is an answer too, and the checks object to it; a 409 that says when to come back is a copy still running.
      if (answer.status === 429 || answer.status === 503 || response.headers.has('retry-after')) {
        this.history.add({ type: 'info', key, attempt, at, why: `status ${answer.status}` });
        return undefined;
      }
      this.history.add({ type: answer.status < 300 ? 'ok' : 'fail', key, attempt, at, answer });
      return answer;
    } catch (error) {
      this.history.add({ type: 'info', key, attempt, at: performance.now(), why: String((error as Error).cause ?? error) });
      return undefined;
    }
  }

  private baseOf(attempt: number): string {
    return this.bases[attempt % this.bases.length] ?? this.bases[0]!;
  }

  private post(party: Party, { path, key, body }: Intent, correlation: string, hangUp?: AbortSignal): Promise<Response> {
    const timeout = AbortSignal.timeout(ANSWER_MS_MAX);
    const base = this.baseOf(Number.parseInt(correlation.slice(key.length + 1), 10));
    return fetch(`${base}/api/v1${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${party.token}`,
        'concord-organisation': party.id,
        'content-type': 'application/json',
        'idempotency-key': key,
        'x-correlation-id': correlation,
      },
      body: JSON.stringify(body),
      signal: hangUp ? AbortSignal.any([hangUp, timeout]) : timeout,
    });
  }
}
