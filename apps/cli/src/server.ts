import { createClient, type Client } from '@concord/client';

/** Options that every command has. */
export interface EveryCommand {
  readonly api: string;
  readonly email: string;
  readonly password: string;
  readonly json?: boolean;
}

/** Contexts of the server, each with its own log. */
export const CONTEXTS = ['directory', 'partnerships', 'pledges', 'stewardship', 'notifications', 'gateway'] as const;

/** One check of a verification. */
interface Check {
  readonly name: string;
  readonly checked: number;
  readonly differences: number;
  readonly first: readonly { readonly where: string; readonly what: string }[];
  readonly note?: string;
}

/** What a verification of a context found. */
export interface Report {
  readonly context: string;
  readonly ok: boolean;
  readonly checks: readonly Check[];
  readonly hash: string;
  readonly seconds: number;
}

/** A client that tries twice: a command line is watched by somebody who would rather know. */
export const anonymous = ({ api }: EveryCommand): Client => createClient({ baseUrl: api, attemptsMax: 2, timeoutMs: 600_000 });

/** Signs in as a registrar, who operates the server. */
export async function operator(common: EveryCommand): Promise<Client> {
  const { email, password } = common;
  const client = anonymous(common);
  const { body } = await client.post<{ accessToken: string }>('/sessions', { body: { email, password } });
  return client.as({ token: body.accessToken });
}

/** Asks a context to compare all that it has stored with what follows from its events. */
export async function verification(client: Client, context: string): Promise<Report> {
  return (await client.post<Report>(`/operations/${context}/verification`, { body: {} })).body;
}
