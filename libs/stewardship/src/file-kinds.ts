import { Refused } from '@concord/kernel';
import { fileTypeFromBuffer } from 'file-type';
import { isUtf8 } from 'node:buffer';

/** Largest file, in bytes: 25 MB. The edge lets a little more through, so that the refusal comes from here, with a reason. */
export const FILE_BYTES_MAX = 25_000_000;

/** What may be stored, with the extension it is served under. Archives, programs, markup and anything unknown may not. */
const EXTENSIONS: Readonly<Record<string, string>> = {
  'application/pdf': 'pdf',
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
  'video/mp4': 'mp4',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'application/vnd.oasis.opendocument.text': 'odt',
  'application/vnd.oasis.opendocument.spreadsheet': 'ods',
  'text/csv': 'csv',
  'text/plain': 'txt',
  'application/json': 'json',
};

/** Content types that may be stored. */
export const ALLOWED_TYPES = Object.keys(EXTENSIONS);

/** File extension of an allowed content type. */
export const extensionOf = (contentType: string): string => EXTENSIONS[contentType] ?? 'bin';

/** Parsing more than this for its type alone would cost too much memory; longer JSON is kept as text. */
const JSON_TEXT_MAX = 1_000_000;

/** A client that does not know says one of these, and content decides alone. */
const UNDECLARED = [undefined, '', 'application/octet-stream'];

// Control characters other than tab, line feed, form feed and carriage return do not occur in text.
// eslint-disable-next-line no-control-regex -- naming the characters is the point
const BINARY = /[\u0000-\u0008\u000b\u000e-\u001f]/u;
const MARKUP = /^\s*<(?:!doctype|!--|\?xml|html|head|body|svg|script|iframe|math|[a-z]+[\s>])/iu;

/** UTF-8 text without control characters, or undefined. */
function textOf(bytes: Uint8Array): string | undefined {
  if (!isUtf8(bytes)) return undefined;
  const text = new TextDecoder().decode(bytes);
  return BINARY.test(text) ? undefined : text;
}

function isJson(text: string): boolean {
  if (text.length > JSON_TEXT_MAX || !/^\s*[[{]/u.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** Text has no signature: JSON is what parses, CSV is what says so, markup is refused because a browser might run it. */
function textType(bytes: Uint8Array, declared: string | undefined): string | undefined {
  const text = textOf(bytes);
  if (text === undefined || MARKUP.test(text)) return undefined;
  if (isJson(text)) return declared === 'text/plain' ? 'text/plain' : 'application/json';
  return declared === 'text/csv' ? 'text/csv' : 'text/plain';
}

/**
 * Content type by the bytes themselves. Refused `unsupported_media_type` when it is not on the list, or when the declared type (if
 * any) says something else.
 */
export async function sniff(bytes: Uint8Array, header: string | undefined): Promise<string> {
  const declared = header?.split(';')[0]?.trim().toLowerCase();
  const binary = await fileTypeFromBuffer(bytes);
  const found = binary === undefined ? textType(bytes, declared) : binary.mime;
  if (found === undefined || !ALLOWED_TYPES.includes(found)) {
    throw new Refused(
      'unsupported_media_type',
      `Files of this kind are not stored. Convert it to one of: ${Object.values(EXTENSIONS).join(', ')}.`,
      {
        found: found ?? 'unknown',
        allowed: ALLOWED_TYPES,
      },
    );
  }
  if (!UNDECLARED.includes(declared) && declared !== found) {
    throw new Refused(
      'unsupported_media_type',
      `The file says it is ${declared} but contains ${found}. Send its true content type, or application/octet-stream.`,
      {
        declared,
        found,
      },
    );
  }
  return found;
}
