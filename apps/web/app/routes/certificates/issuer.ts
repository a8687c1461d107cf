import type { PublicOrganisation } from '@concord/contracts';
import type { z } from 'zod';

/** What the certificate says of the issuer. */
export type Issuer = Pick<
  z.output<typeof PublicOrganisation>,
  'id' | 'name' | 'type' | 'country' | 'identifier' | 'standing' | 'website'
>;

/** What a block of an issuer must have: without it there is no certificate. */
export const ISSUER_FIELDS = ['name', 'identifier', 'country', 'standing'] as const;
/** A part of an issuer's block. */
export type IssuerField = (typeof ISSUER_FIELDS)[number];

/** What is missing: the legal name, the entry in a register, the country, or a verification that holds. */
export const missingOf = (issuer: Issuer): IssuerField[] =>
  ISSUER_FIELDS.filter((field) => (field === 'standing' ? issuer.standing !== 'verified' : !issuer[field]));
