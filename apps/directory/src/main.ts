import { standingChanges } from '@concord/access';
import { PUBLIC_KINDS } from '@concord/contracts';
import { directoryWith } from '@concord/directory';
import { runService } from '@concord/platform/serve';
import { DirectorySettings } from './settings.js';

const serviceOf = ({ CONCORD_ADMIN_EMAIL: email, CONCORD_ADMIN_PASSWORD: password }: DirectorySettings) =>
  directoryWith(email !== undefined && password !== undefined ? { administrator: { name: 'Administrator', email, password } } : {});

await runService({ name: 'directory', settings: DirectorySettings, standingChanges, kinds: PUBLIC_KINDS, service: serviceOf });
