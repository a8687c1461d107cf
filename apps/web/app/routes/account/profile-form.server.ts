import type { Sent } from '../../server/act.server.js';
import { linesOf, type Organisation } from './own.server.js';

const TEXTS = ['acronym', 'description', 'website'] as const;
const LISTS = ['capabilities', 'sdgs', 'sectors', 'languages'] as const;

/** Fields that the registrars verify. */
export const IDENTITY = ['name', 'type', 'orgKind', 'country', 'identifier'] as const;

/** What the form says of who the organisation is; empty fields are left out. */
export const identityOf = (sent: Sent): Record<string, string> =>
  Object.fromEntries(
    IDENTITY.flatMap((name) => {
      const value = sent.text(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );

/** New values for what an organisation says of itself; `null` empties. */
export function revisionOf(sent: Sent, identity: boolean): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const name of TEXTS) given[name] = sent.text(name) ?? null;
  for (const name of LISTS) {
    const lines = linesOf(sent, name);
    given[name] = lines.length > 0 ? lines : null;
  }
  const served = sent.all('countriesServed');
  given['countriesServed'] = served.length > 0 ? served : null;
  if (identity) for (const name of IDENTITY) given[name] = sent.text(name) ?? (name === 'name' || name === 'type' ? '' : null);
  return given;
}

/** Values of the profile by field name, as the form shows them. */
export function valuesOf(organisation: Organisation): Record<string, string> {
  const { name, type, orgKind = '', country = '', identifier = '', acronym = '', description = '', website = '' } = organisation;
  const lists = Object.fromEntries(LISTS.map((list) => [list, (organisation[list] ?? []).join('\n')]));
  return { name, type, orgKind, country, identifier, acronym, description, website, ...lists };
}

/** Whether name, type, country and identifier may still be changed. */
export const identityOpen = ({ standing }: Organisation): boolean => ['unverified', 'rejected', 'expired'].includes(standing);
