import { defineAggregate, defineEvent, Id, Refused, Sha256, z } from '@concord/kernel';
import { derivedId } from './derived-id.js';

/** A file was stored under its hash. */
export const FileStored = defineEvent(
  'FileStored',
  z.strictObject({ sha256: Sha256, contentType: z.string().max(120), bytes: z.int().min(1), stripped: z.boolean() }),
);

/** Something public refers to the file: from now on everyone may read it. */
export const FileCited = defineEvent('FileCited', z.strictObject({ by: Id }));

/** A stored file. Stream: `fileId(sha256)`. */
export interface EvidenceFileState {
  readonly sha256?: string;
  readonly contentType?: string;
  readonly bytes?: number;
  readonly stripped?: boolean;
  /** The organisation that stored it first, which may read it before it is cited. */
  readonly organisationId?: string;
  readonly cited: boolean;
}

/** A file on disk, known to the log: what it is, who stored it, and whether public evidence cites it. */
export const EvidenceFile = defineAggregate<EvidenceFileState, [typeof FileStored, typeof FileCited]>({
  kind: 'EvidenceFile',
  initial: { cited: false },
  events: [FileStored, FileCited],
  evolve: {
    FileStored: (state, stored, meta) =>
      meta.organisation === undefined ? { ...state, ...stored } : { ...state, ...stored, organisationId: meta.organisation },
    FileCited: (state) => ({ ...state, cited: true }),
  },
});

/** Stream id of a file: the same bytes are the same file. */
export const fileId = (sha256: string): string => derivedId(sha256);

/** The event that makes a file public, or none when it is public already. Refused `not_found` when it was never stored. */
export function citeFile(file: EvidenceFileState, sha256: string, by: string): ReturnType<typeof FileCited>[] {
  if (file.sha256 !== sha256) {
    throw new Refused(
      'not_found',
      'No file with this SHA-256 is stored. Upload it first with POST /files, then name the hash it returns.',
      { sha256 },
    );
  }
  return file.cited ? [] : [FileCited({ by })];
}
