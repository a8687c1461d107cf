import { standingChanges } from '@concord/access';
import { PUBLIC_KINDS } from '@concord/contracts';
import { runService, ServiceSettings } from '@concord/platform/serve';
import { notifications } from '@concord/notifications';

await runService({
  name: 'notifications',
  settings: ServiceSettings,
  standingChanges,
  kinds: PUBLIC_KINDS,
  service: () => notifications,
});
