import { connectRooms, createClient, type Place, type Rooms } from '@concord/client';
import * as contracts from '@concord/contracts';
import {
  MembershipGranted,
  MembershipRevoked,
  OrganisationVerified,
  VerificationRejected,
  type CloudEvent,
} from '@concord/contracts';
import { gateway, Realtime } from '@concord/gateway';
import type { EventDefinition } from '@concord/kernel';
import { notifications } from '@concord/notifications';
import { uuidv7 } from '@concord/platform';
import { startConcord, type TestConcord } from '@concord/testing';
import { createServer, connect as dial, type AddressInfo, type Server, type Socket } from 'node:net';

import.meta.jest.setTimeout(60_000);

const every = Object.values(contracts as Record<string, unknown>).filter(
  (value) => typeof value === 'function' && 'kind' in value && 'parse' in value,
) as unknown as EventDefinition[];

/** What a reader was given, and a way to wait for it. */
class Log<T> {
  readonly all: T[] = [];
  private readonly waiting = new Set<() => void>();

  add(one: T): void {
    this.all.push(one);
    for (const check of [...this.waiting]) check();
  }

  count(count: number): Promise<T[]> {
    return new Promise((resolve, reject) => {
      const check = () => {
        if (this.all.length < count) return;
        this.waiting.delete(check);
        resolve(this.all);
      };
      AbortSignal.timeout(30_000).addEventListener('abort', () => {
        if (this.waiting.delete(check))
          reject(new Error(`waited for ${count}; got ${this.all.length}: ${JSON.stringify(this.all.at(-1))}`));
      });
      this.waiting.add(check);
      check();
    });
  }
}

/** A TCP proxy whose connections can be cut. */
class Wire {
  private readonly open = new Set<Socket>();
  cuts = 0;

  private constructor(private readonly server: Server) {}

  static async to(port: number): Promise<Wire> {
    const wire: Wire = new Wire(
      createServer((near) => {
        const far = dial(port, '127.0.0.1');
        for (const socket of [near, far]) {
          wire.open.add(socket);
          socket.on('error', () => undefined);
          socket.on('close', () => {
            wire.open.delete(socket);
            near.destroy();
            far.destroy();
          });
        }
        near.pipe(far);
        far.pipe(near);
      }),
    );
    await new Promise<void>((resolve) => wire.server.listen(0, '127.0.0.1', resolve));
    return wire;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Resets every connection, whatever is on its way. */
  cut(): void {
    this.cuts += 1;
    for (const socket of this.open) socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

describe('the rooms, seen by our client', () => {
  let concord: TestConcord;
  let realtime: Realtime;
  const open: Rooms[] = [];
  const faults: unknown[] = [];

  beforeAll(async () => {
    const sources = ['directory', 'partnerships', 'pledges', 'stewardship'];
    concord = await startConcord({
      services: [notifications, gateway],
      sources: Object.fromEntries(sources.map((name) => [name, every])),
    });
    const { database: db, authenticator } = concord.platform.context('gateway');
    realtime = new Realtime({
      server: concord.http.server,
      db,
      authenticate: async (token) => authenticator.authenticate(token, undefined).catch(() => undefined),
      isMember: async (person, organisation) => (await authenticator.roles(person, organisation)).length > 0,
      origins: [],
      failed: (error) => faults.push(error),
    });
  });
  afterEach(() => {
    for (const rooms of open.splice(0)) rooms.close();
    expect([...faults.splice(0), ...concord.faults.splice(0)]).toEqual([]);
  });
  afterAll(async () => {
    await realtime.close();
    await concord.stop();
  });

  const connect = (token?: string, baseUrl = concord.url): Rooms => {
    const rooms = connectRooms({ baseUrl, backOffMs: () => 10, ...(token !== undefined && { token }) });
    open.push(rooms);
    return rooms;
  };

  it('bring a notice to its person while HTTP goes on beside them', async () => {
    const [person, organisation] = [uuidv7(), uuidv7()];
    const { token } = (await concord.actor({ person })) as unknown as { token: string };
    const notices = new Log<{ unread: number; type: string | undefined; sequence: number }>();
    const rooms = connect(token);
    await rooms.join(`person:${person}`, ({ type, data, sequence }) => {
      const { unread, item } = data as { unread: number; item?: { type: string } };
      if (type.endsWith('.InboxChanged')) notices.add({ unread, type: item?.type, sequence });
    });
    await concord.publish('directory', organisation, MembershipGranted({ personId: person, roles: ['approver'] }));
    await concord.publish('directory', organisation, OrganisationVerified({ validUntil: '2028-01-01T00:00:00.000Z' }));
    await notices.count(2);
    const client = createClient({ baseUrl: concord.url, token });
    await client.post(`/inboxes/${person}/read`, { body: { upTo: 1 } });
    expect(await notices.count(3)).toEqual([
      { unread: 1, type: 'concord.directory.MembershipGranted', sequence: 1 },
      { unread: 2, type: 'concord.directory.OrganisationVerified', sequence: 2 },
      { unread: 1, type: undefined, sequence: 3 },
    ]);
    const { body } = await client.get<{ unread: number; sequence: number }>('/inbox');
    expect(body).toMatchObject({ unread: 1, sequence: 3 });
  });

  it('close to a member whose membership ended, by the event and by the table', async () => {
    const [person, organisation] = [uuidv7(), uuidv7()];
    const { token } = (await concord.actor({ person, organisation })) as unknown as { token: string };
    const denied = new Log<string>();
    const got: CloudEvent[] = [];
    const rooms = connect(token);
    const name = `organisation:${organisation}`;
    await rooms.join(name, (event) => got.push(event), { onDenied: (reason) => denied.add(reason) });
    await concord.publish('directory', organisation, MembershipRevoked({ personId: person }));
    expect(await denied.count(1)).toEqual(['revoked']);
    await concord.publish(
      'directory',
      organisation,
      VerificationRejected({ reason: { code: 'other', text: 'Not for former members' } }),
    );
    await expect(rooms.join(name, (event) => got.push(event))).rejects.toMatchObject({ reason: 'forbidden' });
    expect(got.filter(({ type }) => type.endsWith('VerificationRejected'))).toEqual([]);
  });

  it('lose nothing over connections that are cut all the time (F20)', async () => {
    const wire = await Wire.to(Number(new URL(concord.url).port));
    const total = 150;
    const readers = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const log = new Log<{ subject: string; place: Place }>();
        const resets: Place[] = [];
        const rooms = connect(undefined, wire.url);
        await rooms.join('public', ({ subject }, place) => log.add({ subject, place }), { onReset: (place) => resets.push(place) });
        return { log, resets };
      }),
    );
    const subjects: string[] = [];
    for (let n = 0; n < total; n += 1) {
      const subject = uuidv7();
      subjects.push(subject);
      await concord.publish('directory', subject, OrganisationVerified({ validUntil: '2028-01-01T00:00:00.000Z' }));
      if (n % 15 === 7) wire.cut();
    }
    for (const { log, resets } of readers) {
      expect((await log.count(total)).map(({ subject }) => subject)).toEqual(subjects);
      expect(resets).toEqual([]);
    }
    expect(wire.cuts).toBe(10);
    await wire.close();
  });
});
