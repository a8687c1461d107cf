import { ServiceSettings } from '@concord/platform/serve';
import { z } from 'zod';

/** What the environment may say to stewardship: as to every service, and where evidence is kept. */
export const StewardshipSettings = ServiceSettings.extend({
  CONCORD_FILES_DIR: z.string().min(1).default('files').meta({ description: 'Folder of evidence files; all instances share it' }),
});
