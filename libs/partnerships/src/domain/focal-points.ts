import { defineAggregate, defineEvent, Id, type DomainEvent, z } from '@concord/kernel';
import { CountryCode } from '@concord/contracts';

/** An organisation speaks for this country from now on. */
export const CountryFocalPointAdded = defineEvent(
  'CountryFocalPointAdded',
  z.strictObject({ country: CountryCode, organisationId: Id }),
);

/** It no longer does. */
export const CountryFocalPointRemoved = defineEvent(
  'CountryFocalPointRemoved',
  z.strictObject({ country: CountryCode, organisationId: Id }),
);

/** The countries an organisation speaks for, as the directory last said. */
export const FocalCountriesReplaced = defineEvent(
  'FocalCountriesReplaced',
  z.strictObject({ countries: z.array(CountryCode).max(260) }),
);

/** A country asks for endorsement when it has a focal point (R21). */
export interface CountryState {
  readonly focalPointIds: readonly string[];
}

/** One stream per country, its id is `derivedId('country', code)`. */
export const Country = defineAggregate({
  kind: 'country',
  initial: { focalPointIds: [] } as CountryState,
  events: [CountryFocalPointAdded, CountryFocalPointRemoved],
  evolve: {
    CountryFocalPointAdded: (state, data) => ({ focalPointIds: [...state.focalPointIds, data.organisationId] }),
    CountryFocalPointRemoved: (state, data) => ({ focalPointIds: state.focalPointIds.filter((id) => id !== data.organisationId) }),
  },
});

/** What the directory last said of one organisation: needed to see which countries it lost. */
export interface FocalPointState {
  readonly countries: readonly string[];
}

/** One stream per organisation, its id is `derivedId('focal-point', organisationId)`. */
export const FocalPoint = defineAggregate({
  kind: 'focal_point',
  initial: { countries: [] } as FocalPointState,
  events: [FocalCountriesReplaced],
  evolve: { FocalCountriesReplaced: (_state, data) => ({ countries: data.countries }) },
});

/** Focal points a country may have: beyond this many a designation is a mistake, and a need's list of endorsers would not hold them. */
const FOCAL_POINTS_MAX = 20;

/** Events that follow from a designation, which always names all countries of the organisation. Nothing when nothing changed. */
export function designateFocalPoint(
  organisationId: string,
  before: FocalPointState,
  countries: readonly string[],
  countryOf: (code: string) => CountryState,
): { readonly focalPoint?: DomainEvent; readonly countries: readonly { readonly code: string; readonly event: DomainEvent }[] } {
  const after = [...new Set(countries)].sort();
  const lost = before.countries.filter((code) => !after.includes(code));
  const won = after.filter((code) => {
    const { focalPointIds } = countryOf(code);
    return !focalPointIds.includes(organisationId) && focalPointIds.length < FOCAL_POINTS_MAX;
  });
  const held = lost.filter((code) => countryOf(code).focalPointIds.includes(organisationId));
  const same = lost.length === 0 && after.length === before.countries.length;
  return {
    ...(same ? {} : { focalPoint: FocalCountriesReplaced({ countries: after }) }),
    countries: [
      ...held.map((code) => ({ code, event: CountryFocalPointRemoved({ country: code, organisationId }) })),
      ...won.map((code) => ({ code, event: CountryFocalPointAdded({ country: code, organisationId }) })),
    ],
  };
}
