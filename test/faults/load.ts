import { setTimeout as pause } from 'node:timers/promises';
import type { Chance } from './chance.js';
import { FaultClient, type Party } from './client.js';
import type { CommandName, History, Intent } from './history.js';

/** Where the load goes. */
export interface Target {
  /** Addresses of the instances. */
  readonly bases: readonly string[];
  readonly owner: Party;
  readonly pledgers: readonly Party[];
  /** Lines that offers fill again and again, so that most of the time little is open on them. */
  readonly hot: readonly string[];
  readonly roomy: readonly string[];
}

/** An offer that is known to have been made. */
interface Offer {
  readonly id: string;
  readonly by: Party;
  hash: string;
}

const OFFERS_KEPT = 60;
const reason = { code: 'changed_plans', text: 'Plans have changed.' };

/** The body of an offer of money on a line. */
export const funding = (amount: number): object => ({
  kind: 'funding',
  amount: { amount, currency: 'USD' },
  instrument: 'grant',
  earmarking: 3,
  schedule: { type: 'by_milestone' },
});

interface Body {
  readonly amount?: { readonly amount: number; readonly currency: string };
  readonly hash?: string;
  readonly reason?: object;
}

/** A body of the same shape that asks for something else. */
const another = (body: Body): object => ({
  ...body,
  ...(body.amount && { amount: { ...body.amount, amount: body.amount.amount + 1 } }),
  ...(body.hash !== undefined && { hash: 'f'.repeat(64) }),
  ...(body.reason && { reason: { code: 'other', text: 'Something else.' } }),
});

/** Several clients at once, each making, amending, accepting, declining and withdrawing pledges, often the same ones. */
export class Load {
  private readonly client: FaultClient;
  private readonly offers: Offer[] = [];
  private readonly parties = new Map<string, Party>();
  private readonly givenUp = new AbortController();
  private stopped = false;
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly target: Target,
    private readonly history: History,
    private readonly chance: Chance,
    private readonly options: {
      readonly writers: number;
      readonly thinkMs: number;
      readonly hangUp: number;
      readonly commandsMax?: number;
      /** Whether commands go through the client library and its own repeats. */
      readonly library?: boolean;
    },
  ) {
    this.client = new FaultClient(target.bases, history, chance.fork(), { ...options, givenUp: this.givenUp.signal });
    for (const party of [target.owner, ...target.pledgers]) this.parties.set(party.id, party);
  }

  start(): void {
    this.running = Promise.all(Array.from({ length: this.options.writers }, () => this.write(this.chance.fork())));
    this.running.catch(() => undefined);
  }

  /** Resolves when every command that was begun has its answer. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  /** Ends the clients, whatever is unanswered. */
  async abandon(): Promise<void> {
    this.stopped = true;
    this.givenUp.abort();
    await this.running.catch(() => undefined);
  }

  /** Resolves when the commands of `commandsMax` have their answers. */
  finished(): Promise<unknown> {
    return this.running;
  }

  /** Sends again, under their keys, all commands that were once without an answer and some others; and some keys with other bodies. */
  async askAgain(): Promise<void> {
    const doubtful = new Set(this.history.entries.flatMap((entry) => (entry.type === 'info' ? [entry.key] : [])));
    const asked = this.history.intents.filter(({ key }) => doubtful.has(key) || this.chance.happens(0.1));
    for (let next = 0; next < asked.length; next += 16) {
      await Promise.all(
        asked.slice(next, next + 16).map(async (intent) => {
          const party = this.parties.get(intent.organisation)!;
          // Past the numbers of the attempts, so that a second effect could be told from the first.
          await this.client.again(party, intent, 1_000);
          if (this.chance.happens(0.2)) await this.client.probe(party, intent, another(intent.body as Body));
        }),
      );
    }
  }

  private async write(chance: Chance): Promise<void> {
    while (!this.stopped && this.history.intents.length < (this.options.commandsMax ?? Infinity)) {
      await this.step(chance);
      await pause(chance.between(0, this.options.thinkMs));
    }
  }

  private async step(chance: Chance): Promise<void> {
    const offer = this.offers.length < 5 || chance.happens(0.45) ? undefined : chance.pick(this.offers);
    const copies = chance.happens(0.4) ? chance.between(2, 5) : 1;
    if (!offer) return this.make(chance, copies);
    const command = chance.pick(['amend', 'accept', 'withdraw', 'withdraw', 'withdraw', 'decline'] as const);
    const amount = chance.between(1, 400);
    const body = { amend: { ...funding(amount), reason }, accept: { hash: offer.hash }, withdraw: { reason }, decline: { reason } }[
      command
    ];
    const party = command === 'amend' || command === 'withdraw' ? offer.by : this.target.owner;
    const answer = await this.client.settle(
      party,
      this.intent(chance, command, party, `/pledges/${offer.id}/${command}`, body),
      copies,
    );
    if (answer.status < 300) offer.hash = (JSON.parse(answer.body) as Offer).hash;
    if (answer.status >= 300 || command === 'withdraw' || command === 'decline') this.forget(offer);
    if (chance.happens(0.4)) await this.client.read(`/pledges/${offer.id}`);
  }

  private async make(chance: Chance, copies: number): Promise<void> {
    const party = chance.pick(this.target.pledgers);
    const lineId = chance.pick(chance.happens(0.6) ? this.target.hot : this.target.roomy);
    const body = { lineId, ...funding(chance.between(1, 600)), acceptPartial: chance.happens(0.3) };
    const { status, body: text } = await this.client.settle(party, this.intent(chance, 'make', party, '/pledges', body), copies);
    if (status < 300) {
      const { id, hash } = JSON.parse(text) as Offer;
      this.offers.push({ id, by: party, hash });
      if (this.offers.length > OFFERS_KEPT) this.offers.shift();
    }
    if (chance.happens(0.4)) await this.client.read(`/lines/${lineId}`);
  }

  private intent(chance: Chance, command: CommandName, party: Party, path: string, body: unknown): Intent {
    const key = `${command}-${this.history.intents.length}-${chance.between(0, 2 ** 30).toString(36)}`;
    return { key, command, organisation: party.id, path, body };
  }

  private forget(offer: Offer): void {
    const place = this.offers.indexOf(offer);
    if (place >= 0 && this.chance.happens(0.7)) this.offers.splice(place, 1);
  }
}
