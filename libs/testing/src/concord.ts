import {
  defineAggregate,
  type DomainEvent,
  type EventDefinition,
  type OrganisationRole,
  type PlatformRole,
  type Standing,
} from '@concord/kernel';
import {
  AdjustableClock,
  defineService,
  Platform,
  provision,
  TOKEN_AUDIENCE,
  TOKEN_ISSUER,
  uuidv7,
  type HttpServer,
  type ServiceDefinition,
} from '@concord/platform';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { testDatabase } from './database.js';

/** An answer of the API. */
export interface Answer {
  readonly status: number;
  // Specs look into bodies of any shape; expectations check them.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a body is whatever the route under test says
  readonly body: any;
  readonly etag: string | undefined;
  readonly headers: Headers;
}

export interface Sending {
  readonly key?: string;
  readonly ifMatch?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Someone who uses the API: signed in and acting for an organisation, or anonymous. */
export class Actor {
  constructor(
    private readonly base: string,
    readonly person: string,
    readonly organisation: string | undefined,
    readonly token: string | undefined,
  ) {}

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.send('GET', path, undefined, { headers });
  }

  /** POST with an Idempotency-Key, a fresh one unless given. */
  post(path: string, body: unknown = {}, sending: Sending = {}): Promise<Answer> {
    return this.send('POST', path, body, { key: uuidv7(), ...sending });
  }

  patch(path: string, body: unknown, ifMatch: string): Promise<Answer> {
    return this.send('PATCH', path, body, { ifMatch });
  }

  /** As `post`, and fails the spec unless the answer is a success. */
  async ok(path: string, body: unknown = {}, sending: Sending = {}): Promise<Answer> {
    const answer = await this.post(path, body, sending);
    if (answer.status >= 300) throw new Error(`POST ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer;
  }

  async send(method: string, path: string, body: unknown, { key, ifMatch, headers = {} }: Sending): Promise<Answer> {
    const response = await fetch(`${this.base}/api/v1${path}`, {
      method,
      headers: {
        ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
        ...(this.organisation === undefined ? {} : { 'concord-organisation': this.organisation }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
        ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' || body instanceof Uint8Array ? (body as string) : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return {
      status: response.status,
      body: isJson && text !== '' ? JSON.parse(text) : text,
      etag: response.headers.get('etag') ?? undefined,
      headers: response.headers,
    };
  }
}

export interface ConcordOptions {
  /** The contexts under test. */
  readonly services: readonly ServiceDefinition[];
  /** Contexts they listen to that do not run here: the public events each may send in this spec. */
  readonly sources?: Readonly<Record<string, readonly EventDefinition[]>>;
  /** Business time at the start. */
  readonly at?: string;
  /** Makes the bus; in process when absent. */
  readonly bus?: Parameters<typeof Platform.start>[0]['bus'];
}

/** A running Concord of some contexts: real HTTP, real PostgreSQL, real bus; identities are written where the directory's events would put them. */
export class TestConcord {
  private constructor(
    readonly platform: Platform,
    readonly http: HttpServer,
    readonly url: string,
    readonly clock: AdjustableClock,
    private readonly privateKey: CryptoKey,
    private readonly drop: () => Promise<void>,
    /** Faults reported away from a request; a spec that expects none checks that it is empty. */
    readonly faults: string[],
  ) {}

  static async start({ services, sources = {}, at, bus }: ConcordOptions): Promise<TestConcord> {
    const database = await testDatabase();
    const stubs = Object.entries(sources).map(([name, publishes]) => sourceService(name, publishes));
    const needed = new Set([...services.flatMap(listensTo), 'directory']);
    const running = new Set([...services, ...stubs].map(({ name }) => name));
    for (const name of needed) if (!running.has(name)) stubs.push(sourceService(name, []));
    const all = [...services, ...stubs];
    const clock = new AdjustableClock();
    if (at) clock.moveTo(at);
    const faults: string[] = [];
    const platform = await Platform.start({
      services: all,
      accesses: await provision(
        database.url,
        all.map(({ name }) => name),
      ),
      clock,
      standingChanges: () => [],
      version: 'spec',
      rateLimit: { perSecond: 1e6, burst: 1e6 },
      ...(bus && { bus }),
      failed: (where, error) =>
        void faults.push(`${where}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
    });
    const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
    const jwk = JSON.stringify(await exportJWK(publicKey));
    for (const { database: db } of platform.contexts.values())
      await db.query('INSERT INTO standing_keys (kid, jwk) VALUES ($1, $2)', ['spec', jwk]);
    const http = await platform.http();
    const port = await http.listen(0, '127.0.0.1');
    return new TestConcord(platform, http, `http://127.0.0.1:${port}`, clock, privateKey, database.drop, faults);
  }

  /** A signed-in person. With an organisation, acting for it with these roles (approver, verified unless said otherwise). */
  async actor(options: {
    person?: string;
    organisation?: string;
    roles?: readonly OrganisationRole[];
    standing?: Standing;
    platformRoles?: readonly PlatformRole[];
  }): Promise<Actor> {
    const { person = uuidv7(), organisation, roles = ['approver'], standing = 'verified', platformRoles = [] } = options;
    for (const { database: db, authenticator } of this.platform.contexts.values()) {
      await db.query(
        'INSERT INTO standing_people VALUES ($1, $2) ON CONFLICT (person) DO UPDATE SET platform_roles = excluded.platform_roles',
        [person, platformRoles],
      );
      authenticator.changed({ table: 'person', person, platformRoles });
      if (organisation === undefined) continue;
      await db.query(
        'INSERT INTO standing_organisations VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET standing = excluded.standing',
        [organisation, standing],
      );
      await db.query(
        'INSERT INTO standing_memberships (organisation, person, roles) VALUES ($1, $2, $3) ON CONFLICT (person, organisation) DO UPDATE SET roles = excluded.roles',
        [organisation, person, roles],
      );
      authenticator.changed({ table: 'organisation', id: organisation, standing });
    }
    const token = await new SignJWT({ sid: uuidv7() })
      .setProtectedHeader({ alg: 'EdDSA', kid: 'spec' })
      .setSubject(person)
      .setIssuer(TOKEN_ISSUER)
      .setAudience(TOKEN_AUDIENCE)
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(this.privateKey);
    return new Actor(this.url, person, organisation, token);
  }

  /** Someone without a token. */
  anonymous(): Actor {
    return new Actor(this.url, '', undefined, undefined);
  }

  /** Sends a public event as a context that does not run here, and waits until everyone has handled it. */
  async publish(context: string, subject: string, ...events: readonly DomainEvent[]): Promise<void> {
    const stub = this.platform.context(context);
    const [aggregate] = stub.service.aggregates ?? [];
    if (!aggregate) throw new Error(`${context} is not a source of this spec`);
    await stub.execute((decision) => decision.append(aggregate, subject, ...events));
    await this.platform.settled();
  }

  /** Moves business time forward and fires what falls due. */
  async moveTo(instant: string): Promise<void> {
    this.clock.moveTo(instant);
    await this.platform.runDue();
  }

  /** Waits until nothing moves. */
  settle(): Promise<void> {
    return this.platform.settled();
  }

  async stop(): Promise<void> {
    await this.http.close();
    await this.platform.stop();
    await this.drop();
  }
}

/** Starts the contexts of a spec. Stop it in `afterAll`. */
export const startConcord = (options: ConcordOptions): Promise<TestConcord> => TestConcord.start(options);

const listensTo = (service: ServiceDefinition): string[] => [
  ...service.reactions.map(({ from }) => from),
  ...(service.expansions ?? []).flatMap(({ from }) => from),
  ...(service.consumers ?? []).flatMap(({ from }) => from),
];

/** A context that only sends what a spec tells it to. */
function sourceService(name: string, publishes: readonly EventDefinition[]): ServiceDefinition {
  const evolve = Object.fromEntries(publishes.map(({ kind }) => [kind, (state: { n: number }) => ({ n: state.n + 1 })]));
  const aggregate = defineAggregate({ kind: `${name}-source`, initial: { n: 0 }, events: publishes, evolve: evolve as never });
  return defineService({
    name,
    resources: [],
    aggregates: [aggregate],
    commands: [],
    queries: [],
    reactions: [],
    projections: [],
    schedules: [],
    migrations: [],
    published: (event) => event,
    publishes,
  });
}
