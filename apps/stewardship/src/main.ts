import { standingChanges } from '@concord/access';
import { PUBLIC_KINDS } from '@concord/contracts';
import { runService } from '@concord/platform/serve';
import { stewardship } from '@concord/stewardship';
import { StewardshipSettings } from './settings.js';

await runService({
  name: 'stewardship',
  settings: StewardshipSettings,
  standingChanges,
  kinds: PUBLIC_KINDS,
  service: ({ CONCORD_FILES_DIR: filesDir }) => stewardship({ filesDir }),
});
