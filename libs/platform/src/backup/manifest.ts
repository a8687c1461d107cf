import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** Name of the file that makes a folder a backup; it is written last. */
export const MANIFEST = 'manifest.json';

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/u);
const Name = z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/u);

/** A table as the backup has it, in `<context>/<table>.copy`. */
const TableCopy = z.strictObject({
  columns: z.array(Name).min(1),
  rows: z.int().min(0),
  bytes: z.int().min(0),
  sha256: Sha256,
});
export type TableCopy = z.infer<typeof TableCopy>;

/** What a backup holds, so that a restore can tell whether it is whole and fits. */
export const Manifest = z.strictObject({
  format: z.literal('concord-backup/1'),
  /** Version of Concord that made it. */
  version: z.string(),
  /** Real time of its snapshot, RFC 3339 UTC. */
  at: z.iso.datetime(),
  contexts: z.record(Name, z.strictObject({ migrations: z.array(z.string()), tables: z.record(Name, TableCopy) })),
});
export type Manifest = z.infer<typeof Manifest>;

/** A backup cannot be used, or cannot go where it should; nothing was changed. */
export class BadBackup extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BadBackup';
  }
}

/** Reads the manifest of a backup. Throws `BadBackup`. */
export async function readManifest(folder: string): Promise<Manifest> {
  const file = join(folder, MANIFEST);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new BadBackup(`${folder} is not a backup, or one that was cut off: ${file} cannot be read.`, { cause });
  });
  let json: { readonly sha256?: unknown; readonly manifest?: unknown };
  try {
    json = JSON.parse(text) as typeof json;
  } catch (cause) {
    throw new BadBackup(`${file} is not JSON.`, { cause });
  }
  const parsed = Manifest.safeParse(json.manifest);
  if (!parsed.success) throw new BadBackup(`${file} is not the manifest of a backup:\n${z.prettifyError(parsed.error)}`);
  if (json.sha256 !== hash('sha256', JSON.stringify(json.manifest))) throw new BadBackup(`${file} was changed after it was made.`);
  return parsed.data;
}

/** The text of a manifest, with its own hash. */
export const manifestText = (manifest: Manifest): string =>
  `${JSON.stringify({ sha256: hash('sha256', JSON.stringify(manifest)), manifest }, null, 1)}\n`;
