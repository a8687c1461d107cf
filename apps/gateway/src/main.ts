import { runProcess } from '@concord/platform/serve';
import { startGateway } from './gateway.js';
import { GatewaySettings } from './settings.js';

await runProcess('gateway', GatewaySettings, startGateway);
