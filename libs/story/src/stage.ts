import { ApiProblem, createClient, type Answer, type Client } from '@concord/client';
import { InboxPage, type ItemReason } from '@concord/contracts';
import { z } from 'zod';
import { CAST, type ActorKey, type OrganisationKey } from './cast.js';
import type { Notification, Person } from './people.js';
import { StoryFailed, type Call, type Check, type TableRow } from './step.js';
import { shown, until } from './until.js';

const Clock = z.object({ businessTime: z.iso.datetime() });
const DAY_MS = 86_400_000;

const told = ({ status, code, message, facts }: ApiProblem): string =>
  `${status} ${code}: ${message} ${shown(facts.errors)} ${shown(facts.details)}`;

/** Where the story is played: who acts, what time it is, what was made so far, and what was called, checked and heard. */
export class Stage {
  private readonly people = new Map<ActorKey, Person>();
  private readonly made = new Map<string, string>();
  private readonly heard: Notification[] = [];
  private heardBefore = 0;
  private day0 = 0;
  private readonly anonymous: Client;
  calls: Call[] = [];
  checks: Check[] = [];
  /** The table at the end. */
  readonly table: TableRow[] = [];

  constructor(
    readonly baseUrl: string,
    /** Tells this playing from others on the same server: part of addresses and identifiers. */
    readonly prefix: string,
    /** Told of every notification; without it nobody listens, and nothing waits for what they would hear. */
    private readonly onNotification: ((notification: Notification) => void) | undefined,
  ) {
    this.anonymous = createClient({ baseUrl });
  }

  /** Forgets what the last step called, checked and heard. */
  turn(): void {
    this.calls = [];
    this.checks = [];
    this.heardBefore = this.heard.length;
  }

  /** Lets a person act under a key; replaces who did before. */
  enter(key: ActorKey, person: Person): void {
    this.people.set(key, person);
  }

  /** A person who has entered. */
  who(key: ActorKey): Person {
    const person = this.people.get(key);
    if (!person) throw new StoryFailed(`Nobody acts as ${key} yet.`);
    return person;
  }

  /** How to call an actor before anybody has signed in. */
  nameOf(key: ActorKey): string {
    const organisation = key.replace(/2$/u, '') as OrganisationKey;
    return Object.hasOwn(CAST, organisation) ? CAST[organisation].name : 'Registrars';
  }

  /** Everybody who has entered. */
  everyone(): readonly Person[] {
    return [...this.people.values()];
  }

  /** Remembers an id or a hash under a name of the story: `need`, `L1`, `P1`, `M2`. */
  keep(name: string, value: string): void {
    this.made.set(name, value);
  }

  /** What was kept under a name. */
  the(name: string): string {
    const value = this.made.get(name);
    if (value === undefined) throw new StoryFailed(`The story has no ${name} yet.`);
    return value;
  }

  /** Id of an organisation. */
  org(key: OrganisationKey): string {
    return this.the(`organisation ${key}`);
  }

  /** Everything that was kept, by name. */
  names(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.made);
  }

  /**
   * POST as a person; the answer is read by the schema of its contract. Every context keeps its own copy of who may do what, which
   * follows a moment later: a step that is still forbidden, or not that of a member yet, is tried again for a while.
   */
  async post<S extends z.ZodType>(who: ActorKey, path: string, body: unknown, schema: S): Promise<z.output<S>> {
    const { side } = this.who(who);
    const answer = await until(
      `${side} may POST ${path}`,
      () => this.send(who, path, body),
      (seen) => !(seen instanceof ApiProblem) || ![401, 403].includes(seen.status),
    );
    if (answer instanceof ApiProblem) throw new StoryFailed(`${side} POST ${path} was refused: ${told(answer)}`, { cause: answer });
    this.calls.push({ who: side, method: 'POST', path, status: answer.status });
    return this.read(path, answer.body, schema);
  }

  /** POST that has to be refused with a code; returns the details of the refusal. */
  async refused(who: ActorKey, path: string, body: unknown, code: string): Promise<Readonly<Record<string, unknown>>> {
    const { side } = this.who(who);
    const answer = await this.send(who, path, body);
    if (!(answer instanceof ApiProblem))
      throw new StoryFailed(`${side} POST ${path} was answered ${answer.status}, not refused ${code}.`);
    if (answer.code !== code) throw new StoryFailed(`${side} POST ${path} should be refused ${code}, and was: ${told(answer)}`);
    this.calls.push({ who: side, method: 'POST', path, status: answer.status, refused: code });
    return answer.facts.details;
  }

  private send(who: ActorKey, path: string, body: unknown): Promise<Answer | ApiProblem> {
    return this.who(who)
      .client.post(path, { body })
      .catch((error: unknown) => {
        if (error instanceof ApiProblem) return error;
        throw error;
      });
  }

  /** GET as a person or, without one, as anybody. */
  async get<S extends z.ZodType>(path: string, schema: S, who?: ActorKey): Promise<z.output<S>> {
    const client = who === undefined ? this.anonymous : this.who(who).client;
    const { body } = await client.get(path);
    return this.read(path, body, schema);
  }

  /** Gets until the condition holds: what other contexts do follows a moment later. */
  eventually<S extends z.ZodType>(
    path: string,
    schema: S,
    holds: (seen: z.output<S>) => boolean,
    who?: ActorKey,
  ): Promise<z.output<S>> {
    const probe = () =>
      this.get(path, schema, who).catch((error: unknown) => {
        if (error instanceof ApiProblem && error.status === 404) return undefined;
        throw error;
      });
    return until(`GET ${path}`, probe, (seen) => seen !== undefined && holds(seen)) as Promise<z.output<S>>;
  }

  private read<S extends z.ZodType>(path: string, body: unknown, schema: S): z.output<S> {
    const parsed = schema.safeParse(body);
    if (parsed.success) return parsed.data;
    throw new StoryFailed(`The answer of ${path} is not what its contract says: ${z.prettifyError(parsed.error)}\n${shown(body)}`);
  }

  /** Compares a figure with the story's; throws `StoryFailed` when they differ. */
  check(what: string, found: unknown, expected: unknown): void {
    if (JSON.stringify(found) !== JSON.stringify(expected)) {
      throw new StoryFailed(`${what}: the story says ${shown(expected)}, found ${shown(found)}.`);
    }
    this.checks.push({ what, value: found });
  }

  /** Adds a row to the table at the end. */
  row(what: string, value: string): void {
    this.table.push({ what, value });
  }

  /** Day `n` as an instant: 09:00 UTC. */
  instant(day: number): string {
    return new Date(this.day0 + day * DAY_MS).toISOString();
  }

  /** Day `n` as a calendar date. */
  date(day: number): string {
    return this.instant(day).slice(0, 10);
  }

  /** Business time on the server. */
  async now(): Promise<string> {
    return (await this.get('/clock', Clock)).businessTime;
  }

  /** Day 0 is two days from now. */
  async begin(): Promise<void> {
    this.day0 = Math.floor(Date.parse(await this.now()) / DAY_MS) * DAY_MS + 2 * DAY_MS + 9 * 3_600_000;
  }

  /** Moves business time to a day, where it has not come yet; what falls due until then happens. */
  async moveTo(day: number): Promise<void> {
    const to = this.instant(day);
    if (to <= (await this.now())) return;
    await this.who('registrar').client.post('/clock', { body: { to } });
  }

  /** Everybody who has entered listens in their own room from now on. */
  async listen(): Promise<void> {
    const { onNotification } = this;
    if (!onNotification) return;
    const hear = (notification: Notification): void => {
      this.heard.push(notification);
      onNotification(notification);
    };
    await Promise.all(this.everyone().map((person) => person.listen(hear)));
  }

  /** Waits until everybody's socket is level with their inbox; says how many notifications were heard. */
  async heardEverything(): Promise<number> {
    if (!this.onNotification) return 0;
    // Moving business time resolves when nothing moves any more: no item is on its way into an inbox after this.
    const later = async () => new Date(Date.parse(await this.now()) + 2_000).toISOString();
    await until(
      'business time moves',
      async () => this.send('registrar', '/clock', { to: await later() }),
      (seen) => !(seen instanceof ApiProblem),
    );
    for (const { name, client } of this.everyone()) {
      const last = () => this.heard.filter(({ person }) => person === name).at(-1)?.item.item;
      const newest = async () => InboxPage.parse((await client.get('/inbox', { query: { limit: 1 } })).body).items[0]?.item;
      await until(
        `${name} has heard of everything`,
        async () => [last() ?? 'nothing', await newest()],
        ([heard, item]) => heard === item || heard === 'nothing',
      );
    }
    return this.heard.length;
  }

  /** Every notification so far. */
  notifications(): readonly Notification[] {
    return this.heard;
  }

  /** Waits until the organisation has heard of it during this step, for this reason. */
  async told(organisation: OrganisationKey, kind: string, reason: ItemReason): Promise<void> {
    if (!this.onNotification) return;
    const { name } = CAST[organisation];
    const recent = () => this.heard.slice(this.heardBefore).filter((one) => one.organisation === name);
    await until(
      `${name} hears of ${kind} as ${reason}`,
      () => Promise.resolve(recent().map(({ kind: of, item }) => `${of} ${item.reason}`)),
      (seen) => seen.includes(`${kind} ${reason}`),
    );
  }
}
