/** An organisation of the story. Invented; the country codes are real, for lists and maps. */
export interface CastOrganisation {
  readonly name: string;
  /** IATI OrganisationType. */
  readonly type: string;
  readonly orgKind?: string;
  readonly country: string;
  /** Register of its identifier, as org-id.guide writes it. */
  readonly register: string;
  readonly capabilities: readonly string[];
  /** Who acts for it; two people where the two-person rule (R23) or R22 asks for a second approver. */
  readonly people: readonly [string, ...string[]];
}

/** The sixteen organisations of the story (domain.md section 6), by the key that the steps use. */
export const CAST = {
  ministry: {
    name: 'Ministry of Open Learning',
    type: '10',
    country: 'MW',
    register: 'MW-GOV',
    capabilities: ['teacher training', 'school supervision'],
    people: ['Amina Banda', 'Chikondi Phiri'],
  },
  office: {
    name: 'National Digital Office',
    type: '10',
    country: 'MW',
    register: 'MW-GOV',
    capabilities: ['digital policy'],
    people: ['Thoko Mbewe'],
  },
  harbourlight: {
    name: 'Harbourlight Foundation',
    type: '60',
    country: 'US',
    register: 'US-EIN',
    capabilities: ['education grants'],
    people: ['Dana Whitfield', 'Luis Ortega'],
  },
  brightwater: {
    name: 'Brightwater Telecom',
    type: '70',
    country: 'ZA',
    register: 'ZA-CIP',
    capabilities: ['connectivity', 'tablets'],
    people: ['Naledi Khumalo', 'Pieter Botha'],
  },
  cedarRidge: {
    name: 'Cedar Ridge Philanthropies',
    type: '60',
    country: 'CA',
    register: 'CA-CRA',
    capabilities: ['education grants'],
    people: ['Grace Tremblay', 'Owen Clarke'],
  },
  norvale: {
    name: 'Norvale Development Agency',
    type: '15',
    country: 'NO',
    register: 'NO-BRC',
    capabilities: ['development finance'],
    people: ['Ingrid Solberg', 'Henrik Dahl'],
  },
  umber: {
    name: 'Umber Capital',
    type: '70',
    country: 'GB',
    register: 'GB-COH',
    capabilities: ['impact finance'],
    people: ['Martin Hale'],
  },
  lakemont: {
    name: 'University of Lakemont',
    type: '80',
    country: 'KE',
    register: 'KE-RSO',
    capabilities: ['teacher training', 'curriculum design'],
    people: ['Wanjiru Kamau'],
  },
  kestrel: {
    name: 'Kestrel Labs',
    type: '70',
    country: 'GB',
    register: 'GB-COH',
    capabilities: ['software engineering', 'offline synchronisation'],
    people: ['Priya Nair'],
  },
  cobalt: {
    name: 'Cobalt Freight',
    type: '70',
    country: 'MZ',
    register: 'MZ-REG',
    capabilities: ['logistics'],
    people: ['Joaquim Sitoe'],
  },
  openMeadow: {
    name: 'Open Meadow Collective',
    type: '90',
    orgKind: 'open_source_community',
    country: 'DE',
    register: 'DE-CR',
    capabilities: ['MeadowLearn', 'offline lessons'],
    people: ['Lena Vogt'],
  },
  atlas: {
    name: 'Atlas Commons Network',
    type: '21',
    country: 'FR',
    register: 'FR-RC',
    capabilities: ['open geodata'],
    people: ['Camille Durand'],
  },
  bluefin: {
    name: 'Bluefin Systems',
    type: '70',
    country: 'IN',
    register: 'IN-MCA',
    capabilities: ['school servers', 'solar power'],
    people: ['Arjun Mehta'],
  },
  lantern: {
    name: 'Lantern Schools Trust',
    type: '22',
    country: 'MW',
    register: 'MW-CNM',
    capabilities: ['school projects', 'teacher training'],
    people: ['Tiwonge Gondwe', 'Yamikani Zulu'],
  },
  fieldmark: {
    name: 'Fieldmark Cooperative',
    type: '22',
    country: 'ZM',
    register: 'ZM-NRB',
    capabilities: ['field verification'],
    people: ['Mutale Chanda'],
  },
  forum: {
    name: "Zomba Parents' Forum",
    type: '22',
    country: 'MW',
    register: 'MW-CNM',
    capabilities: ['community monitoring'],
    people: ['Esnart Kaliati'],
  },
} as const satisfies Record<string, CastOrganisation>;

/** Key of an organisation of the story. */
export type OrganisationKey = keyof typeof CAST;

/** Keys of the organisations, in the order of the story. */
export const ORGANISATIONS = Object.keys(CAST) as OrganisationKey[];

/** A person of an organisation: `ministry` is its first, `ministry2` its second. */
export type MemberKey = OrganisationKey | `${OrganisationKey}2`;

/** Whoever acts: a person for an organisation, or one of the two registrars outside of them. */
export type ActorKey = MemberKey | 'registrar' | 'registrar2';

/** Every person of the organisations, with the organisation acted for. */
export const MEMBERS: readonly { readonly key: MemberKey; readonly organisation: OrganisationKey; readonly name: string }[] =
  ORGANISATIONS.flatMap((organisation) =>
    CAST[organisation].people.map((name, index) => ({
      key: index === 0 ? organisation : (`${organisation}2` as const),
      organisation,
      name,
    })),
  );

/** One password for all: it is printed at the start of a demo anyway. */
export const SHARED_PASSWORD = 'a demo password for everyone';

/** Address of a person of the story; with a prefix, of that playing of it. */
export function emailOf(key: ActorKey, prefix = ''): string {
  const name = key.replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`);
  return `${name}${prefix === '' ? '' : `+${prefix}`}@concord.example`;
}
