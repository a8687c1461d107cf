import { connectRooms, createClient, type Client, type Rooms } from '@concord/client';
import { InboxChanged, kindOf, SessionTokens, type InboxItem } from '@concord/contracts';
import { CAST, type OrganisationKey } from './cast.js';

/** A notice that reached a person over the socket. */
export interface Notification {
  readonly person: string;
  /** Name of the organisation through which it concerns the person; absent when it concerns the person alone. */
  readonly organisation?: string;
  /** `PledgeMade` */
  readonly kind: string;
  readonly item: InboxItem;
}

/** Who signs in. */
export interface Account {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

/** A session is renewed when it would end within this time. */
const RENEW_MS = 60_000;

/** A signed-in person, who acts for one organisation or for none. */
export class Person {
  private constructor(
    private readonly baseUrl: string,
    private readonly account: Account,
    private tokens: SessionTokens,
    readonly organisation: { readonly key: OrganisationKey; readonly id: string } | undefined,
  ) {
    this.client = createClient({
      baseUrl,
      token: () => this.token(),
      ...(organisation === undefined ? {} : { organisation: organisation.id }),
    });
  }

  readonly client: Client;
  private rooms: Rooms | undefined;

  /** Signs in with address and password. */
  static async signIn(baseUrl: string, account: Account): Promise<Person> {
    return new Person(baseUrl, account, await session(baseUrl, account), undefined);
  }

  /** The same person, acting for an organisation. */
  actingFor(key: OrganisationKey, id: string): Person {
    return new Person(this.baseUrl, this.account, this.tokens, { key, id });
  }

  get id(): string {
    return this.tokens.personId;
  }

  get name(): string {
    return this.account.name;
  }

  /** Name of the organisation, or of the person where there is none. */
  get side(): string {
    return this.organisation === undefined ? this.account.name : CAST[this.organisation.key].name;
  }

  /** Listens in the person's own room; resolves when it has been joined. */
  async listen(heard: (notification: Notification) => void): Promise<void> {
    this.rooms = connectRooms({ baseUrl: this.baseUrl, token: () => this.token() });
    await this.rooms.join(`person:${this.id}`, (event) => {
      if (kindOf(event.type) !== InboxChanged.kind) return;
      const { item } = InboxChanged.schema.parse(event.data);
      if (item) heard({ person: this.name, organisation: this.side, kind: kindOf(item.type), item });
    });
  }

  /** Leaves every room. */
  close(): void {
    this.rooms?.close();
    this.rooms = undefined;
  }

  private async token(): Promise<string> {
    if (Date.parse(this.tokens.accessExpiresAt) - Date.now() < RENEW_MS) this.tokens = await session(this.baseUrl, this.account);
    return this.tokens.accessToken;
  }
}

type SessionTokens = ReturnType<(typeof SessionTokens)['parse']>;

async function session(baseUrl: string, { email, password }: Account): Promise<SessionTokens> {
  const { body } = await createClient({ baseUrl }).post('/sessions', { body: { email, password } });
  return SessionTokens.parse(body);
}
