import { ServiceSettings } from '@concord/platform/serve';
import { z } from 'zod';

/** What the environment may say to the directory: as to every service, and the first administrator. */
export const DirectorySettings = ServiceSettings.extend({
  CONCORD_ADMIN_EMAIL: z
    .email()
    .optional()
    .meta({ description: 'First administrator, made at the start when there is no such account' }),
  CONCORD_ADMIN_PASSWORD: z.string().min(12).optional().meta({ description: 'Its password; needed beside the address' }),
}).refine(
  ({ CONCORD_ADMIN_EMAIL: email, CONCORD_ADMIN_PASSWORD: password }) => (email === undefined) === (password === undefined),
  {
    path: ['CONCORD_ADMIN_EMAIL'],
    message: 'and CONCORD_ADMIN_PASSWORD belong together: set both or none',
  },
);
/** What the environment says to the directory. */
export type DirectorySettings = z.output<typeof DirectorySettings>;
