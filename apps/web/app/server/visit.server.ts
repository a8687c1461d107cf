import { ApiProblem, createClient, type Client } from '@concord/client';
import type { Me } from '@concord/contracts';
import { createContext, type RouterContextProvider } from 'react-router';
import type { z } from 'zod';
import type { Acting, Facts, Translate, Unread } from '../facts.js';
import type { Locale } from '../locale.js';
import { cookie, readCookies } from './cookies.server.js';
import {
  ACTING_COOKIE,
  actingOf,
  LOCALE_COOKIE,
  SESSION_COOKIE,
  type Refreshing,
  type Seal,
  type Session,
} from './session.server.js';
import { translator } from './texts.server.js';

/** What the process that mounts the pages gives. */
export interface Surroundings {
  /** Where the API is, without `/api/v1`. */
  readonly apiUrl: string;
  /** How to reach it on behalf of a reader at this address; the global `fetch` when absent. */
  readonly apiFetch?: (address: string) => typeof globalThis.fetch;
  readonly realtimeUrl?: string;
  readonly version: string;
  /** What stands below the map, for operators whose law or clearance asks for words of their own. */
  readonly mapDisclaimer?: string;
  /** Path of the script of live pages. */
  readonly liveScript?: string;
  readonly seal: Seal;
  readonly refreshing: Refreshing;
  failed(where: string, error: unknown): void;
}

/** A page waits no longer for the number in its header, milliseconds. */
const UNREAD_MS_MAX = 1_000;
/** What other sites and programs read: it is the same for everybody, so that it asks for no cookie and sets none. */
const NOBODYS = /^\/(embed|badge)\/|\.(atom|feed\.json|ics)$/u;
const YEAR_S = 365 * 24 * 3600;
const NAMES_MAX = 5_000;
const NAMES_MS = 60_000;
const names = new Map<string, { readonly name: Promise<string | undefined>; readonly atMs: number }>();

/** One request: its language and texts, who makes it, and the API on their behalf. */
export class Visit {
  readonly t: Translate;
  readonly cookies: string[] = [];
  session: Session | undefined;
  acting: Acting | undefined;
  sessionEnded = false;
  private unread: Unread | undefined;
  /** Nothing of this answer may be kept by a cache. */
  private changed = false;

  private constructor(
    readonly locale: Locale,
    readonly url: URL,
    readonly secure: boolean,
    /** Names this request in every log, and on the page when something breaks. */
    readonly correlationId: string,
    private readonly anonymous: Client,
    private readonly surroundings: Surroundings,
  ) {
    this.t = translator(locale);
  }

  /** Reads who asks, and refreshes the session when it is time. */
  static async of(request: Request, locale: Locale, address: string, surroundings: Surroundings): Promise<Visit> {
    const url = new URL(request.url);
    const correlationId = crypto.randomUUID();
    const send = surroundings.apiFetch?.(address) ?? globalThis.fetch;
    const anonymous = createClient({
      baseUrl: surroundings.apiUrl,
      // A page waits for little: the reader is told soon, and the form keeps its key.
      attemptsMax: 2,
      timeoutMs: 10_000,
      // Who sends a form is shown next what came of it.
      followS: 3,
      fetch: (input, init) =>
        send(input, {
          ...init,
          headers: { ...(init?.headers as Record<string, string>), 'x-correlation-id': correlationId, 'accept-language': locale },
        }),
    });
    const visit = new Visit(locale, url, url.protocol === 'https:', correlationId, anonymous, surroundings);
    if (NOBODYS.test(visit.path)) return visit;
    const cookies = readCookies(request.headers.get('cookie'));
    if (cookies.get(LOCALE_COOKIE) !== locale) visit.setCookie(LOCALE_COOKIE, locale, YEAR_S);
    const session = await surroundings.seal.open<Session>(SESSION_COOKIE, cookies.get(SESSION_COOKIE));
    if (session) await visit.goOn(session, await surroundings.seal.open<Acting>(ACTING_COOKIE, cookies.get(ACTING_COOKIE)));
    else if (cookies.has(SESSION_COOKIE)) visit.forget();
    return visit;
  }

  /** The API on behalf of the reader, acting for the chosen organisation; anonymous when nobody is signed in. */
  get api(): Client {
    if (!this.session) return this.anonymous;
    const { accessToken } = this.session;
    return this.anonymous.as({ token: accessToken, ...(this.acting ? { organisation: this.acting.id } : {}) });
  }

  /** The API as nobody: for signing in. */
  get publicApi(): Client {
    return this.anonymous;
  }

  /** The operator's words below the map; undefined for ours. */
  get mapDisclaimer(): string | undefined {
    return this.surroundings.mapDisclaimer;
  }

  /** An address in the reader's language: `/needs` to `/ar/needs`. */
  href(path: string): string {
    return `/${this.locale}${path === '/' ? '' : path}`;
  }

  /** Path below the language. */
  get path(): string {
    return this.url.pathname.replace(/^\/[a-z]{2}(?=\/|$)/u, '').replace(/\.data$/u, '') || '/';
  }

  /** What components may know. */
  facts(): Facts {
    const { locale, path, session, acting, sessionEnded, surroundings } = this;
    const reader = session && {
      personId: session.personId,
      name: session.name,
      platformRoles: session.platformRoles,
      ...(acting ? { acting } : {}),
    };
    return {
      locale,
      path,
      search: this.url.search,
      ...(reader ? { reader } : {}),
      sessionEnded,
      ...(surroundings.realtimeUrl === undefined ? {} : { realtimeUrl: surroundings.realtimeUrl }),
      version: surroundings.version,
      ...(this.unread ? { unread: this.unread } : {}),
      ...(reader && surroundings.liveScript !== undefined ? { liveScript: surroundings.liveScript } : {}),
    };
  }

  /** Reads how many items of the reader's inbox are unread, for the header; a page without the number is better than none. */
  async readUnread(): Promise<void> {
    if (!this.session) return;
    try {
      const { body } = await this.api.get<{ unread: number; sequence: number }>('/inbox', {
        query: { limit: 1 },
        signal: AbortSignal.timeout(UNREAD_MS_MAX),
      });
      this.unread = { count: body.unread, sequence: body.sequence };
    } catch (error) {
      this.failed('unread count', error);
    }
  }

  /** Starts a session in this browser. */
  async signIn(session: Session): Promise<void> {
    this.session = session;
    this.sessionEnded = false;
    const left = (Date.parse(session.refreshExpiresAt) - Date.now()) / 1000;
    this.setCookie(SESSION_COOKIE, await this.surroundings.seal.close(SESSION_COOKIE, session), left);
  }

  /** Chooses the organisation to act for; undefined acts as a person only. */
  async actFor(acting: Acting | undefined): Promise<void> {
    this.acting = acting;
    this.setCookie(ACTING_COOKIE, acting ? await this.surroundings.seal.close(ACTING_COOKIE, acting) : '', acting ? YEAR_S : 0);
  }

  /** Reads anew what the reader may do: an organisation is verified, and roles are given, while somebody is signed in. */
  async readReader(): Promise<void> {
    const { session, acting } = this;
    if (!session) return;
    try {
      const { body: me } = await this.anonymous.as({ token: session.accessToken }).get<z.output<typeof Me>>('/me');
      if (JSON.stringify(me.platformRoles) !== JSON.stringify(session.platformRoles))
        await this.signIn({ ...session, platformRoles: me.platformRoles });
      const now = actingOf(me).find(({ id }) => id === acting?.id);
      if (acting && JSON.stringify(now) !== JSON.stringify(acting)) await this.actFor(now);
    } catch (error) {
      // What was known is good enough for a page; the API decides about every step.
      if (!(error instanceof ApiProblem)) this.failed('reader', error);
    }
  }

  /** Ends the session here and, as far as it can be reached, in the API. */
  async signOut(): Promise<void> {
    const { session } = this;
    if (session) {
      await this.api.post(`/sessions/${session.id}/end`).catch((error: unknown) => {
        if (!(error instanceof ApiProblem)) this.failed('sign-out', error);
      });
    }
    this.forget();
    this.sessionEnded = false;
  }

  /** Names of organisations by id, a minute old at most; an id without a public name is left out. */
  async namesOf(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    await Promise.all(
      [...new Set(ids)].map(async (id) => {
        const name = await this.nameOf(id);
        if (name !== undefined) found.set(id, name);
      }),
    );
    return found;
  }

  /** Tells the operators of a fault. */
  failed(where: string, error: unknown): void {
    this.surroundings.failed(`${where} ${this.correlationId}`, error);
  }

  /** Whether a cache may keep the answer: nobody is signed in, and no cookie changes. */
  get isPublic(): boolean {
    return !this.session && !this.changed;
  }

  private nameOf(id: string): Promise<string | undefined> {
    const known = names.get(id);
    if (known && Date.now() - known.atMs < NAMES_MS) return known.name;
    if (names.size >= NAMES_MAX) names.clear();
    const name = this.anonymous
      .get<{ name?: string }>(`/organisations/${encodeURIComponent(id)}`)
      .then(({ body }) => body.name)
      .catch((error: unknown) => {
        names.delete(id);
        if (!(error instanceof ApiProblem)) this.failed('organisation name', error);
        return undefined;
      });
    names.set(id, { name, atMs: Date.now() });
    return name;
  }

  private async goOn(session: Session, acting: Acting | undefined): Promise<void> {
    const fresh = await this.surroundings.refreshing.fresh(session, this.anonymous).catch((error: unknown) => {
      this.failed('session refresh', error);
      return session;
    });
    if (!fresh) {
      this.forget();
      this.sessionEnded = true;
      return;
    }
    this.acting = acting;
    if (fresh === session) this.session = session;
    else await this.signIn(fresh);
    if (fresh !== session || (acting && acting.standing !== 'verified')) await this.readReader();
  }

  private forget(): void {
    this.session = undefined;
    this.acting = undefined;
    this.setCookie(SESSION_COOKIE, '', 0);
    this.setCookie(ACTING_COOKIE, '', 0);
  }

  private setCookie(name: string, value: string, maxAgeS: number): void {
    this.changed = true;
    this.cookies.push(cookie(name, value, { secure: this.secure, maxAgeS }));
  }
}

/** Where the router keeps the visit. */
export const visitContext = createContext<Visit>();

/** The visit of a loader or an action. */
export const visitOf = ({ context }: { readonly context: Readonly<RouterContextProvider> }): Visit => context.get(visitContext);
