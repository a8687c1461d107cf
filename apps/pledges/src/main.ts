import { standingChanges } from '@concord/access';
import { PUBLIC_KINDS } from '@concord/contracts';
import { runService, ServiceSettings } from '@concord/platform/serve';
import { pledges } from '@concord/pledges';

await runService({ name: 'pledges', settings: ServiceSettings, standingChanges, kinds: PUBLIC_KINDS, service: () => pledges });
