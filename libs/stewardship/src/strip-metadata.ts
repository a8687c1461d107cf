import { Refused } from '@concord/kernel';

const JPEG_APP1 = 0xe1;
const JPEG_APP15 = 0xef;
const JPEG_APP14 = 0xee;
const JPEG_COMMENT = 0xfe;
const JPEG_START_OF_SCAN = 0xda;
const JPEG_END = 0xd9;

/** Length of the header that names RIFF, its size and WEBP. */
const WEBP_HEADER_BYTES = 12;

/** PNG chunks that say where, when or by whom a picture was taken. */
const PNG_PRIVATE = ['eXIf', 'tEXt', 'zTXt', 'iTXt', 'tIME'];
/** Likewise for WebP. */
const WEBP_PRIVATE = ['EXIF', 'XMP '];

const latin = (bytes: Uint8Array, from: number, to: number): string => Buffer.from(bytes.subarray(from, to)).toString('latin1');

/** First marker in the data of a scan: 0xff that is neither stuffed (0x00), a restart (0xd0 to 0xd7) nor filling (0xff). */
function endOfScan(bytes: Uint8Array, from: number): number {
  for (let offset = from; offset + 1 < bytes.length; offset += 1) {
    const next = bytes[offset + 1]!;
    if (bytes[offset] === 0xff && next !== 0x00 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return offset;
  }
  return bytes.length;
}

/**
 * JPEG without APP1 to APP15 (Exif, XMP, IPTC, makers' notes), comments, and whatever follows its end: phones append pictures
 * with their own Exif there. APP0 (JFIF) and APP14 (colour transform) are needed to decode it.
 */
function stripJpeg(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [bytes.subarray(0, 2)];
  let offset = 2;
  while (offset + 4 <= bytes.length && bytes[offset + 1] !== JPEG_END) {
    if (bytes[offset] !== 0xff)
      throw new Refused('unsupported_media_type', 'This JPEG cannot be read. Save it again and send the new file.');
    // Any number of 0xff may stand before a marker.
    if (bytes[offset + 1] === 0xff) {
      offset += 1;
      continue;
    }
    const marker = bytes[offset + 1]!;
    const length = 2 + ((bytes[offset + 2]! << 8) | bytes[offset + 3]!);
    const end = marker === JPEG_START_OF_SCAN ? endOfScan(bytes, offset + length) : offset + length;
    const hidden = (marker >= JPEG_APP1 && marker <= JPEG_APP15 && marker !== JPEG_APP14) || marker === JPEG_COMMENT;
    if (!hidden) parts.push(bytes.subarray(offset, end));
    offset = end;
  }
  parts.push(bytes.subarray(offset, offset + 2));
  return Buffer.concat(parts);
}

/** PNG without the chunks that tell about the place, the time and the maker. */
function stripPng(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [bytes.subarray(0, 8)];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let offset = 8;
  while (offset + 12 <= bytes.length) {
    const end = offset + 12 + view.getUint32(offset);
    if (!PNG_PRIVATE.includes(latin(bytes, offset + 4, offset + 8))) parts.push(bytes.subarray(offset, end));
    offset = end;
  }
  return Buffer.concat(parts);
}

/** WebP without Exif and XMP chunks; their flags in the VP8X header are cleared and the RIFF length is set anew. */
function stripWebp(bytes: Uint8Array): Uint8Array {
  if (bytes.length < WEBP_HEADER_BYTES) return bytes;
  const parts: Buffer[] = [Buffer.from(bytes.subarray(0, WEBP_HEADER_BYTES))];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let offset = WEBP_HEADER_BYTES;
  while (offset + 8 <= bytes.length) {
    const size = view.getUint32(offset + 4, true);
    const end = offset + 8 + size + (size % 2);
    const name = latin(bytes, offset, offset + 4);
    if (!WEBP_PRIVATE.includes(name)) {
      const chunk = Buffer.from(bytes.subarray(offset, end));
      if (name === 'VP8X' && chunk.length > 8) chunk.writeUInt8(chunk.readUInt8(8) & ~0x0c, 8);
      parts.push(chunk);
    }
    offset = end;
  }
  const whole = Buffer.concat(parts);
  whole.writeUInt32LE(whole.length - 8, 4);
  return whole;
}

const STRIPPERS: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
  'image/jpeg': stripJpeg,
  'image/png': stripPng,
  'image/webp': stripWebp,
};

/** A picture without the data that tells where it was taken and by whom (R48); any other file as it is. */
export function stripMetadata(bytes: Uint8Array, contentType: string): Uint8Array {
  const strip = STRIPPERS[contentType];
  if (!strip) return bytes;
  const stripped = strip(bytes);
  return stripped.length === bytes.length ? bytes : stripped;
}
