import { sniff } from './file-kinds.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('content types are found from the content', () => {
  it.each([
    ['application/pdf', '%PDF-1.4\n', undefined],
    ['text/plain', 'Twelve of 30 schools visited\n', undefined],
    ['text/plain', 'Note: Zomba, été, 学校', 'text/plain; charset=utf-8'],
    ['text/csv', 'school,lessons\nA,3\n', 'text/csv'],
    ['text/plain', 'school,lessons\nA,3\n', 'application/octet-stream'],
    ['application/json', '{"schools":30}', undefined],
    ['application/json', ' [1, 2] ', 'application/json'],
    ['text/plain', '{"schools":30}', 'text/plain'],
    ['text/plain', '{not json', undefined],
    ['text/plain', 'a < b and c > d', undefined],
  ])('%s: %j declared as %s', async (found, content, declared) => {
    expect(await sniff(bytes(content), declared)).toBe(found);
  });

  it.each([
    ['HTML', bytes('<!DOCTYPE html><script>alert(1)</script>')],
    ['HTML behind spaces', bytes('\n\t <html>')],
    ['SVG', bytes('<svg onload="alert(1)"/>')],
    ['XML', bytes('<?xml version="1.0"?><x/>')],
    ['text with NUL', bytes('a\u0000b')],
    ['bytes that are no UTF-8', new Uint8Array([0x61, 0xff, 0xfe, 0x62])],
    ['GIF', bytes('GIF89a\u0001\u0000\u0001\u0000')],
  ])('%s is refused', async (_what, content) => {
    await expect(sniff(content, undefined)).rejects.toMatchObject({ code: 'unsupported_media_type' });
  });

  it('a false declaration is refused', async () => {
    await expect(sniff(bytes('%PDF-1.4\n'), 'image/png')).rejects.toMatchObject({
      details: { declared: 'image/png', found: 'application/pdf' },
    });
  });
});
