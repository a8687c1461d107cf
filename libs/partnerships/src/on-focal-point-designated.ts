import { FocalPointDesignated } from '@concord/contracts';
import { defineReaction } from '@concord/platform';
import { derivedId } from './domain/derived-id.js';
import { Country, designateFocalPoint, FocalPoint } from './domain/focal-points.js';

/** Keeps who speaks for which country: it decides whether a need has to be endorsed (R21). */
export const onFocalPointDesignated = defineReaction({
  name: 'on-focal-point-designated',
  from: 'directory',
  on: FocalPointDesignated,
  reads: ({ subject, data }) => [
    { aggregate: FocalPoint, id: derivedId('focal-point', subject) },
    ...data.countries.map((code) => ({ aggregate: Country, id: derivedId('country', code) })),
  ],
  decide: (decision) => {
    const organisationId = decision.event.subject;
    const stream = derivedId('focal-point', organisationId);
    const before = decision.read(FocalPoint, stream).state;
    const countryOf = (code: string) => decision.read(Country, derivedId('country', code)).state;
    const { focalPoint, countries } = designateFocalPoint(organisationId, before, decision.event.data.countries, countryOf);
    if (focalPoint) decision.append(FocalPoint, stream, focalPoint);
    for (const { code, event } of countries) decision.append(Country, derivedId('country', code), event);
  },
});
