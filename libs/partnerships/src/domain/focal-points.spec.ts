import fc from 'fast-check';
import { fold } from '@concord/testing';
import {
  Country,
  CountryFocalPointAdded,
  CountryFocalPointRemoved,
  designateFocalPoint,
  FocalCountriesReplaced,
  FocalPoint,
} from './focal-points.js';
import { DIGITAL_OFFICE, id } from './lesson-need.js';

const noOne = () => Country.initial;

describe('designateFocalPoint', () => {
  it('adds the organisation to each country', () => {
    expect(designateFocalPoint(DIGITAL_OFFICE, FocalPoint.initial, ['MW', 'MZ'], noOne)).toEqual({
      focalPoint: FocalCountriesReplaced({ countries: ['MW', 'MZ'] }),
      countries: [
        { code: 'MW', event: CountryFocalPointAdded({ country: 'MW', organisationId: DIGITAL_OFFICE }) },
        { code: 'MZ', event: CountryFocalPointAdded({ country: 'MZ', organisationId: DIGITAL_OFFICE }) },
      ],
    });
  });

  it('takes it off the countries that are no longer named', () => {
    const before = fold(FocalPoint, [FocalCountriesReplaced({ countries: ['MW', 'MZ'] })]);
    const held = fold(Country, [CountryFocalPointAdded({ country: 'MZ', organisationId: DIGITAL_OFFICE })]);
    expect(designateFocalPoint(DIGITAL_OFFICE, before, ['MW'], () => held)).toEqual({
      focalPoint: FocalCountriesReplaced({ countries: ['MW'] }),
      countries: [{ code: 'MZ', event: CountryFocalPointRemoved({ country: 'MZ', organisationId: DIGITAL_OFFICE }) }],
    });
  });

  it('does nothing when the same is said again', () => {
    const before = fold(FocalPoint, [FocalCountriesReplaced({ countries: ['MW'] })]);
    const held = fold(Country, [CountryFocalPointAdded({ country: 'MW', organisationId: DIGITAL_OFFICE })]);
    expect(designateFocalPoint(DIGITAL_OFFICE, before, ['MW', 'MW'], () => held)).toEqual({ countries: [] });
  });

  it('leaves each country with exactly the organisations that last named it', () => {
    const organisation = fc.integer({ min: 1, max: 4 }).map(id);
    const countries = fc.uniqueArray(fc.constantFrom('MW', 'MZ', 'ZM'));
    fc.assert(
      fc.property(fc.array(fc.tuple(organisation, countries), { maxLength: 20 }), (designations) => {
        const points = new Map<string, typeof FocalPoint.initial>();
        const states = new Map<string, typeof Country.initial>();
        for (const [who, named] of designations) {
          const before = points.get(who) ?? FocalPoint.initial;
          const outcome = designateFocalPoint(who, before, named, (code) => states.get(code) ?? Country.initial);
          if (outcome.focalPoint) points.set(who, FocalPoint.evolve(before, outcome.focalPoint, { at: '' }));
          for (const { code, event } of outcome.countries) {
            states.set(code, Country.evolve(states.get(code) ?? Country.initial, event, { at: '' }));
          }
        }
        const last = new Map(designations);
        for (const code of ['MW', 'MZ', 'ZM']) {
          const expected = [...last].filter(([, named]) => (named as string[]).includes(code)).map(([who]) => who);
          expect([...(states.get(code)?.focalPointIds ?? [])].sort()).toEqual(expected.sort());
        }
      }),
    );
  });
});
