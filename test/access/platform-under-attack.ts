import { standingChanges } from '@concord/access';
import { directoryWith } from '@concord/directory';
import { gateway } from '@concord/gateway';
import { notifications } from '@concord/notifications';
import { partnerships } from '@concord/partnerships';
import { AdjustableClock, Platform, provision, type HttpServer, type ServiceDefinition } from '@concord/platform';
import { pledges } from '@concord/pledges';
import { stewardship } from '@concord/stewardship';
import { Actor, testDatabase } from '@concord/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

/** One password for everybody of a spec. */
export const PASSWORD = 'harbour lantern meadow';
/** Address of the first registrar. */
export const ADMINISTRATOR = 'registrar@concord.example';

/** Every context, as the standalone composition puts them together. */
export const everyService = (filesDir: string): readonly ServiceDefinition[] => [
  directoryWith({ administrator: { name: 'First Registrar', email: ADMINISTRATOR, password: PASSWORD } }),
  partnerships,
  pledges,
  stewardship({ filesDir }),
  notifications,
  gateway,
];

/** What is beside the log and that a refused request must not touch either. */
const BESIDE_THE_LOG = ['sessions', 'refresh_tokens', 'invitations', 'api_tokens', 'people', 'credentials', 'ended_sessions'];

/** A signed-in person with what identifies the session. */
export interface Session {
  readonly person: string;
  readonly sessionId: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** All contexts in one process over a fresh database: real HTTP, real sign-in, real replicas of who may do what. */
export class PlatformUnderAttack {
  private constructor(
    readonly platform: Platform,
    readonly clock: AdjustableClock,
    readonly url: string,
    /** Faults of ours, reported away from a request: a spec expects none. */
    readonly faults: string[],
    private readonly http: HttpServer,
    private readonly superuser: pg.Client,
    private readonly end: () => Promise<void>,
  ) {}

  static async start(): Promise<PlatformUnderAttack> {
    const database = await testDatabase();
    const filesDir = await mkdtemp(join(tmpdir(), 'concord-attacked-'));
    const services = everyService(filesDir);
    const faults: string[] = [];
    const clock = new AdjustableClock();
    const platform = await Platform.start({
      services,
      accesses: await provision(
        database.url,
        services.map(({ name }) => name),
      ),
      clock,
      standingChanges,
      version: 'spec',
      rateLimit: { perSecond: 1e6, burst: 1e6 },
      failed: (where, error) =>
        void faults.push(`${where}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
    });
    const http = await platform.http();
    const port = await http.listen(0, '127.0.0.1');
    const superuser = new pg.Client({ connectionString: database.url });
    superuser.on('error', (error) => faults.push(String(error)));
    await superuser.connect();
    const end = async () => {
      await superuser.end();
      await http.close();
      await platform.stop();
      await database.drop();
      await rm(filesDir, { recursive: true, force: true });
    };
    return new PlatformUnderAttack(platform, clock, `http://127.0.0.1:${port}`, faults, http, superuser, end);
  }

  stop(): Promise<void> {
    return this.end();
  }

  /** Port of the server, for requests that no HTTP client would send. */
  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** Everything that stands in the log of any context, and the rows beside it: equal texts, nothing changed. */
  async contents(): Promise<string> {
    const logs = [...this.platform.contexts.keys()].map((name) => `SELECT '${name}' AS name, count(*) AS n FROM ${name}.events`);
    const rows = BESIDE_THE_LOG.map((table) => `SELECT '${table}', count(*) FROM directory.${table}`);
    const result = await this.superuser.query<{ name: string; n: string }>([...logs, ...rows].join(' UNION ALL '));
    return result.rows.map(({ name, n }) => `${name} ${n}`).join(', ');
  }

  anonymous(): Actor {
    return new Actor(this.url, '', undefined, undefined);
  }

  as({ person, accessToken }: Session, organisation?: string): Actor {
    return new Actor(this.url, person, organisation, accessToken);
  }

  async signIn(email: string): Promise<Session> {
    const { body } = await this.anonymous().ok('/sessions', { email, password: PASSWORD });
    return { ...body, person: body.personId } as Session;
  }

  /** Registers a person and signs them in. */
  async register(name: string): Promise<Session> {
    const email = `${name}@concord.example`;
    await this.anonymous().ok('/people', { name: `Zzsecret ${name}`, email, password: PASSWORD });
    await this.platform.settled();
    return this.signIn(email);
  }
}
