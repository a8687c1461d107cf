import { Id } from '@concord/kernel';
import { given } from '@concord/testing';
import fc from 'fast-check';
import { citeFile, EvidenceFile, FileCited, fileId, FileStored } from './evidence-file.js';
import { uuid } from './story.js';

const sha256 = 'ab'.repeat(32);
const stored = FileStored({ sha256, contentType: 'image/png', bytes: 12, stripped: false });

describe('evidence file', () => {
  it('has a UUID of version 8 made from its hash', () => {
    const hex = fc.array(fc.constantFrom(...'0123456789abcdef'), { minLength: 64, maxLength: 64 }).map((digits) => digits.join(''));
    fc.assert(
      fc.property(hex, hex, (a, b) => {
        expect(Id.safeParse(fileId(a)).success).toBe(true);
        expect(fileId(a)).toBe(fileId(a));
        if (a.slice(0, 12) !== b.slice(0, 12)) expect(fileId(a)).not.toBe(fileId(b));
      }),
    );
  });

  it('becomes public once, when something cites it', () => {
    const by = uuid(41);
    given(EvidenceFile, [stored])
      .when((state) => citeFile(state, sha256, by))
      .then(FileCited({ by }));
    given(EvidenceFile, [stored, FileCited({ by })])
      .when((state) => citeFile(state, sha256, by))
      .then();
    given(EvidenceFile, [])
      .when((state) => citeFile(state, sha256, by))
      .refused('not_found');
    given(EvidenceFile, [stored])
      .when((state) => citeFile(state, 'cd'.repeat(32), by))
      .refused('not_found');
  });

  it('remembers who stored it', () => {
    expect(given(EvidenceFile, [stored]).state).toMatchObject({ organisationId: 'organisation-1', cited: false });
  });
});
