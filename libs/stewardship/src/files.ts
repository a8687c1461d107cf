import { everyone } from '@concord/access';
import { FileResource } from '@concord/contracts';
import { Refused, Sha256, type Subject } from '@concord/kernel';
import { defineAction, defineQuery, type ActionDefinition, type QueryDefinition } from '@concord/platform';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { EvidenceFile, fileId, FileStored, type EvidenceFileState } from './domain/evidence-file.js';
import { extensionOf, FILE_BYTES_MAX, sniff } from './file-kinds.js';
import { fetchFile, keepFile } from './file-store.js';
import { uploader } from './policy.js';
import { stripMetadata } from './strip-metadata.js';

/** `POST /files`: the raw bytes are the body. The same bytes are the same file, whoever sends them. */
export const storeFile = (filesDir: string): ActionDefinition =>
  defineAction({
    name: 'storeFile',
    summary: `Stores a file of up to ${FILE_BYTES_MAX} bytes under its SHA-256. The type is found from the content; place and camera data of pictures are removed first (R48).`,
    method: 'POST',
    path: '/files',
    input: z.instanceof(Buffer),
    output: FileResource,
    allows: uploader,
    async run({ input, headers, execute }) {
      requireSize(input.length);
      const contentType = await sniff(input, headers['content-type']);
      const bytes = stripMetadata(input, contentType);
      const stored = {
        sha256: createHash('sha256').update(bytes).digest('hex'),
        contentType,
        bytes: bytes.length,
        stripped: bytes !== input,
      };
      await keepFile(filesDir, stored.sha256, bytes);
      const id = fileId(stored.sha256);
      const body = await execute(
        (decision) => {
          const { state } = decision.read(EvidenceFile, id);
          if (state.sha256 === undefined) decision.append(EvidenceFile, id, FileStored(stored));
          return { ...stored, contentType: state.contentType ?? contentType };
        },
        [{ aggregate: EvidenceFile, id }],
        (answer) => ({ body: answer }),
      );
      return { body };
    },
  });

function requireSize(bytes: number): void {
  if (bytes === 0) throw new Refused('invalid', 'The file is empty. Send its bytes as the body of the request.');
  if (bytes <= FILE_BYTES_MAX) return;
  throw new Refused('payload_too_large', `A file may have ${FILE_BYTES_MAX} bytes; this one has ${bytes}. Compress or split it.`, {
    bytes,
    max: FILE_BYTES_MAX,
  });
}

/** Cited files are public, as what cites them is; before that only the organisation that stored the file sees it. */
const mayRead = (file: EvidenceFileState, subject: Subject | undefined): boolean =>
  file.cited || (subject?.organisation !== undefined && subject.organisation === file.organisationId);

/** `GET /files/{sha256}`: always as an attachment, so that no browser runs it on our origin. */
export const readStoredFile = (filesDir: string): QueryDefinition =>
  defineQuery({
    name: 'readFile',
    summary: 'A stored file by its SHA-256, once public evidence cites it; before that for the organisation that stored it.',
    path: '/files/:sha256',
    query: z.strictObject({}),
    output: z.any(),
    allows: everyone,
    async run({ params, subject, db }) {
      const sha256 = Sha256.safeParse(params['sha256']);
      if (!sha256.success) return { body: undefined };
      const [row] = await db.query<{ state: EvidenceFileState }>('SELECT state FROM streams WHERE id = $1 AND kind = $2', [
        fileId(sha256.data),
        EvidenceFile.kind,
      ]);
      if (!row || row.state.sha256 !== sha256.data || !mayRead(row.state, subject)) return { body: undefined };
      const contentType = row.state.contentType ?? 'application/octet-stream';
      const headers = {
        'content-type': contentType.startsWith('text/') ? `${contentType}; charset=utf-8` : contentType,
        'content-disposition': `attachment; filename="${sha256.data.slice(0, 16)}.${extensionOf(contentType)}"`,
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; sandbox",
        'cache-control': row.state.cited ? 'public, max-age=31536000, immutable' : 'private, no-store',
        etag: `"${sha256.data}"`,
      };
      return { body: null, bytes: await fetchFile(filesDir, sha256.data), headers };
    },
  });
