import { standingChanges } from '@concord/access';
import { PUBLIC_KINDS } from '@concord/contracts';
import { runService, ServiceSettings } from '@concord/platform/serve';
import { partnerships } from '@concord/partnerships';

await runService({
  name: 'partnerships',
  settings: ServiceSettings,
  standingChanges,
  kinds: PUBLIC_KINDS,
  service: () => partnerships,
});
