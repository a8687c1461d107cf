import type { FileResource } from '@concord/contracts';
import type { z } from 'zod';
import type { Sent } from '../../server/act.server.js';

/** Stores the file of a field and returns its SHA-256; undefined when none was chosen. The same bytes are the same file. */
export async function storedFile({ form, visit }: Sent, name: string): Promise<string | undefined> {
  const file = form.get(name);
  if (!(file instanceof File) || file.size === 0) return undefined;
  const { body } = await visit.api.post<z.output<typeof FileResource>>('/files', {
    body: new Uint8Array(await file.arrayBuffer()),
    contentType: file.type === '' ? 'application/octet-stream' : file.type,
  });
  return body.sha256;
}
