import { createClient, type Client } from '@concord/client';
import { emailOf, SHARED_PASSWORD, type ActorKey } from '@concord/story';
import type { Page } from 'playwright-core';
import { Site, signIn } from '../kit.js';

const DAY_MS = 86_400_000;
const PAGE_MS_MAX = 20_000;
const REGISTRAR = { email: emailOf('registrar'), password: SHARED_PASSWORD };

/** The platform begins empty, with one registrar. */
const EMPTY = { CONCORD_DEMO: 'false', CONCORD_ADMIN_EMAIL: REGISTRAR.email, CONCORD_ADMIN_PASSWORD: REGISTRAR.password };

/** Where the story is played by clicks: everybody has a browser of their own, and stays signed in. */
export class Play {
  private readonly people = new Map<ActorKey, Page>();
  private readonly made = new Map<string, string>();
  private readonly sums = new Map<string, number>();
  private readonly waiting = new Map<string, Page>();
  private day0 = 0;
  /** Day of the step that is played. */
  day = -1;

  private constructor(
    private readonly site: Site,
    /** Whether pages run scripts. */
    readonly scripts: boolean,
    /** A registrar, who moves business time: no page does. */
    private readonly time: Client,
  ) {}

  /** Starts an empty platform; the registrar is signed in. */
  static async open(scripts: boolean): Promise<Play> {
    const site = await Site.start(EMPTY);
    const anonymous = createClient({ baseUrl: site.url });
    const { body } = await anonymous.post<{ accessToken: string }>('/sessions', { body: REGISTRAR });
    const play = new Play(site, scripts, anonymous.as({ token: body.accessToken }));
    play.day0 = Math.floor(Date.parse(await play.now()) / DAY_MS) * DAY_MS + 2 * DAY_MS + 9 * 3_600_000;
    await signIn(await play.enter('registrar'), REGISTRAR.email, REGISTRAR.password, '/admin');
    return play;
  }

  /** The API as anybody sees it. */
  get publicApi(): Client {
    return createClient({ baseUrl: this.site.url });
  }

  /** Somebody opens a browser. */
  async enter(key: ActorKey): Promise<Page> {
    const context = await this.site.visitor({ scripts: this.scripts });
    context.setDefaultTimeout(PAGE_MS_MAX);
    const page = await context.newPage();
    this.people.set(key, page);
    return page;
  }

  /** The page somebody looks at. */
  page(key: ActorKey): Page {
    const page = this.people.get(key);
    if (!page) throw new Error(`Nobody has entered as ${key}.`);
    return page;
  }

  /** Somebody goes to an address below the language. */
  async at(key: ActorKey, path: string): Promise<Page> {
    const page = this.page(key);
    await page.goto(`/en${path}`);
    return page;
  }

  /** Somebody opens a second window that is left open under a name: what it shows grows old. */
  async leaves(name: string, key: ActorKey, path: string): Promise<Page> {
    const page = await this.page(key).context().newPage();
    this.waiting.set(name, page);
    await page.goto(`/en${path}`);
    return page;
  }

  /** The window that was left open. */
  left(name: string): Page {
    const page = this.waiting.get(name);
    if (!page) throw new Error(`No window was left open as ${name}.`);
    return page;
  }

  /** Remembers an address or a number under a name of the story: `need`, `P1`, `M2`, `project`. */
  keep(name: string, value: string): void {
    this.made.set(name, value);
  }

  /** Adds to a sum of the story, and returns it. */
  count(name: string, more: number): number {
    const sum = (this.sums.get(name) ?? 0) + more;
    this.sums.set(name, sum);
    return sum;
  }

  /** What was kept under a name. */
  the(name: string): string {
    const value = this.made.get(name);
    if (value === undefined) throw new Error(`The story has no ${name} yet.`);
    return value;
  }

  /** Id at the end of a kept address. */
  idOf(name: string): string {
    return this.the(name).split('/').at(-1)!;
  }

  /** Day `n` of the story as a calendar date. */
  date(day: number): string {
    return this.instant(day).slice(0, 10);
  }

  /** A step of this day begins. */
  async begin(day: number): Promise<void> {
    this.day = day;
    await this.moveTo(day);
  }

  /** Moves business time to a day, or on where it has come; what falls due happens, and nothing is on its way any more afterwards. */
  async moveTo(day: number): Promise<void> {
    const onward = new Date(Date.parse(await this.now()) + 1_000).toISOString();
    const to = this.instant(day) > onward ? this.instant(day) : onward;
    await this.time.post('/clock', { body: { to } });
  }

  /** Nothing is on its way from one context to another any more. */
  settled(): Promise<void> {
    return this.moveTo(-1);
  }

  /** Ends everything. */
  close(): Promise<void> {
    return this.site.stop();
  }

  private instant(day: number): string {
    return new Date(this.day0 + day * DAY_MS).toISOString();
  }

  private async now(): Promise<string> {
    return (await this.publicApi.get<{ businessTime: string }>('/clock')).body.businessTime;
  }
}

/** A step of the story as it is told, and the clicks that play it. */
export interface Clicks {
  /** The title of the step, with what differs from step to step in groups. */
  readonly told: RegExp;
  readonly play: (play: Play, groups: readonly string[], actor: ActorKey) => Promise<void>;
}
