import { ApiProblem, type Client } from '@concord/client';
import type { MemberList, PublicOrganisation, VerificationRequest } from '@concord/contracts';
import type { z } from 'zod';
import { absent, signInAgain } from '../../server/load.server.js';
import type { Sent } from '../../server/act.server.js';
import type { Visit } from '../../server/visit.server.js';

/** An organisation as everybody sees it. */
export type Organisation = z.output<typeof PublicOrganisation>;
/** A member with name and roles. */
export type Member = z.output<typeof MemberList>['items'][number];

/** An organisation that the reader belongs to, whichever they act for elsewhere. */
export interface Own {
  readonly organisation: Organisation;
  readonly etag: string | undefined;
  readonly members: readonly Member[];
  /** Roles of the reader in it. */
  readonly roles: readonly string[];
}

/** The API on behalf of the reader acting for this organisation: its own pages do not depend on the choice made in the header. */
export function apiFor(visit: Visit, organisation: string): Client {
  if (!visit.session) throw signInAgain(visit);
  return visit.publicApi.as({ token: visit.session.accessToken, organisation });
}

/** The organisation of the address with its members. The page for absent things to anybody who is not one of them. */
export async function ownOf(visit: Visit, id: string): Promise<Own> {
  if (!visit.session) throw signInAgain(visit);
  // As the person alone: acting for an organisation one does not belong to is refused before it is known what is asked.
  const api = visit.publicApi.as({ token: visit.session.accessToken });
  const path = `/organisations/${encodeURIComponent(id)}`;
  const [organisation, members] = await Promise.all([
    api.get<Organisation>(path),
    api.get<z.output<typeof MemberList>>(`${path}/members`),
  ]);
  const { items } = members.body;
  const mine = items.find(({ personId }) => personId === visit.session?.personId);
  if (!mine) throw absent(visit);
  return { organisation: organisation.body, etag: organisation.etag, members: items, roles: mine.roles };
}

/** The latest request for verification; undefined when there was none, or when it is not for this reader. */
export async function requestOf(api: Client, id: string): Promise<z.output<typeof VerificationRequest> | undefined> {
  try {
    return (await api.get<z.output<typeof VerificationRequest>>(`/organisations/${encodeURIComponent(id)}/verification`)).body;
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 404) return undefined;
    throw error;
  }
}

/** Fields of a form that hold one thing a line. */
export const linesOf = ({ text }: Sent, name: string): string[] =>
  (text(name) ?? '')
    .split(/\r?\n/u)
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** `/signatories/0` is the field `signatories`; `/contact/email` is `contact.email`. */
export const fieldOf = (pointer: string): string =>
  pointer
    .replace(/^\//u, '')
    .replace(/\/\d+$/u, '')
    .replaceAll('/', '.');
