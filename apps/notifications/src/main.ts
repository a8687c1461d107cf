import { standingChanges } from '@concord/access';
import { runService, ServiceSettings } from '@concord/platform/serve';
import { notifications } from '@concord/notifications';

await runService({ name: 'notifications', settings: ServiceSettings, standingChanges, service: () => notifications });
