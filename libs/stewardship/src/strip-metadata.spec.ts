import { fileTypeFromBuffer } from 'file-type';
import { stripMetadata } from './strip-metadata.js';

const segment = (marker: number, content: string): Buffer => {
  const body = Buffer.from(content, 'latin1');
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
};
const SCAN = Buffer.concat([segment(0xda, 'scan header'), Buffer.from([1, 2, 0xff, 0x00, 3, 0xff, 0xd1, 4, 0xff, 0xd9])]);
const START = Buffer.from([0xff, 0xd8]);

const chunk = (name: string, content: string): Buffer => {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(content.length, 0);
  head.write(name, 4, 'latin1');
  return Buffer.concat([head, Buffer.from(content, 'latin1'), Buffer.from('crc!')]);
};
const PNG = Buffer.from('89504e470d0a1a0a', 'hex');

const riff = (...chunks: readonly (readonly [string, Buffer])[]): Buffer => {
  const parts = chunks.map(([name, content]) => {
    const head = Buffer.alloc(8);
    head.write(name, 0, 'latin1');
    head.writeUInt32LE(content.length, 4);
    return Buffer.concat([head, content, Buffer.alloc(content.length % 2)]);
  });
  const body = Buffer.concat([Buffer.from('WEBP'), ...parts]);
  const head = Buffer.from('RIFF\0\0\0\0', 'latin1');
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body]);
};

describe('pictures lose what tells where they were taken (R48)', () => {
  it('JPEG: Exif, XMP, IPTC and comments go, the picture stays', async () => {
    const jfif = segment(0xe0, 'JFIF\0');
    const adobe = segment(0xee, 'Adobe');
    const tables = segment(0xdb, 'tables');
    const secret = [segment(0xe1, 'Exif\0\0GPS -15.38 35.31'), segment(0xed, 'Photoshop IPTC'), segment(0xfe, 'by Alice')];
    const appended = Buffer.concat([START, segment(0xe1, 'Exif\0\0GPS'), SCAN]);
    const taken = Buffer.concat([START, jfif, ...secret, adobe, tables, SCAN, appended]);
    const stripped = stripMetadata(taken, 'image/jpeg');
    expect(Buffer.from(stripped)).toEqual(Buffer.concat([START, jfif, adobe, tables, SCAN]));
    expect((await fileTypeFromBuffer(stripped))?.mime).toBe('image/jpeg');
    expect(stripMetadata(stripped, 'image/jpeg')).toBe(stripped);
  });

  it('PNG: eXIf, texts and time go', () => {
    const kept = [chunk('IHDR', 'header'), chunk('IDAT', 'pixels'), chunk('IEND', '')];
    const taken = Buffer.concat([
      PNG,
      kept[0]!,
      chunk('eXIf', 'GPS'),
      chunk('tEXt', 'Author'),
      chunk('tIME', '2026'),
      kept[1]!,
      kept[2]!,
    ]);
    expect(Buffer.from(stripMetadata(taken, 'image/png'))).toEqual(Buffer.concat([PNG, ...kept]));
  });

  it('WebP: EXIF and XMP go, and the header says so', () => {
    const header = (flags: number): Buffer => Buffer.from([flags, 0, 0, 0, 9, 0, 0, 9, 0, 0]);
    const pixels = ['VP8 ', Buffer.from('odd')] as const;
    const taken = riff(['VP8X', header(0x1c)], pixels, ['EXIF', Buffer.from('GPS')], ['XMP ', Buffer.from('Alice')]);
    expect(Buffer.from(stripMetadata(taken, 'image/webp'))).toEqual(riff(['VP8X', header(0x10)], pixels));
  });

  it('survives pictures that end in the middle or lie about their lengths', () => {
    const broken = [
      Buffer.concat([START, Buffer.from([0xff, 0xe1, 0xff, 0xff, 1])]),
      Buffer.concat([PNG, Buffer.from([0xff, 0xff, 0xff, 0xff]), Buffer.from('eXIf')]),
      Buffer.concat([riff(['VP8 ', Buffer.from('xx')]).subarray(0, 18)]),
      START,
    ];
    for (const type of ['image/jpeg', 'image/png', 'image/webp']) {
      for (const bytes of broken.filter((one) => type !== 'image/jpeg' || one.subarray(0, 2).equals(START))) {
        expect(stripMetadata(bytes, type).length).toBeLessThanOrEqual(bytes.length);
      }
    }
  });

  it('a JPEG that cannot be read is refused: nobody knows what hides in it', () => {
    const odd = Buffer.concat([START, segment(0xe0, 'JFIF'), Buffer.from('garbage')]);
    expect(() => stripMetadata(odd, 'image/jpeg')).toThrow(expect.objectContaining({ code: 'unsupported_media_type' }));
    const filled = Buffer.concat([START, Buffer.from([0xff]), segment(0xe1, 'Exif GPS'), SCAN]);
    expect(Buffer.from(stripMetadata(filled, 'image/jpeg')).includes('GPS')).toBe(false);
  });

  it('other files stay as they are', () => {
    expect(stripMetadata(PNG, 'application/pdf')).toBe(PNG);
  });
});
