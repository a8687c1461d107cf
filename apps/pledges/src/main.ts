import { standingChanges } from '@concord/access';
import { runService, ServiceSettings } from '@concord/platform/serve';
import { pledges } from '@concord/pledges';

await runService({ name: 'pledges', settings: ServiceSettings, standingChanges, service: () => pledges });
