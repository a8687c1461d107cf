import { standingChanges } from '@concord/access';
import { runService } from '@concord/platform/serve';
import { stewardship } from '@concord/stewardship';
import { StewardshipSettings } from './settings.js';

await runService({
  name: 'stewardship',
  settings: StewardshipSettings,
  standingChanges,
  service: ({ CONCORD_FILES_DIR: filesDir }) => stewardship({ filesDir }),
});
