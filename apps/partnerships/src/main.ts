import { standingChanges } from '@concord/access';
import { runService, ServiceSettings } from '@concord/platform/serve';
import { partnerships } from '@concord/partnerships';

await runService({ name: 'partnerships', settings: ServiceSettings, standingChanges, service: () => partnerships });
