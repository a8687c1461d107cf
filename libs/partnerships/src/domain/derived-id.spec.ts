import fc from 'fast-check';
import { Id } from '@concord/kernel';
import { derivedId } from './derived-id.js';

describe('derivedId', () => {
  it('is the same UUID for the same name, everywhere and for ever', () => {
    // Streams are stored under these ids: a change here would orphan them.
    expect(derivedId('country', 'MW')).toBe(derivedId('country', 'MW'));
    expect(derivedId('country', 'MW')).toBe('c3d94796-cb7d-8aca-9e56-12bbc16838eb');
  });

  it('differs by kind and by name', () => {
    expect(new Set([derivedId('country', 'MW'), derivedId('country', 'MZ'), derivedId('pinboard', 'MW')]).size).toBe(3);
  });

  it('is always a UUID of version 8', () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        const id = derivedId('review', name);
        expect(Id.safeParse(id).success).toBe(true);
        expect(id.charAt(14)).toBe('8');
      }),
    );
  });
});
