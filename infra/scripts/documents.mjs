// `npm run documents`: writes docs/openapi.json, docs/asyncapi.json, .env.example and the table of settings in docs/operations.md from
// the code, so that a change of the contract shows in review. test/contract fails while they are behind.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installWhatIsMissing, root } from './install.mjs';
import { build } from './build.mjs';

installWhatIsMissing();
await build();
const { asyncApi, openApi, routesOf, settingsOf } = await import('@concord/platform');
const { directory } = await import('@concord/directory');
const { gateway } = await import('@concord/gateway');
const { notifications } = await import('@concord/notifications');
const { partnerships } = await import('@concord/partnerships');
const { pledges } = await import('@concord/pledges');
const { stewardship } = await import('@concord/stewardship');
const { Configuration } = await import('../../apps/standalone/dist/configuration.js');

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const services = [directory, partnerships, pledges, stewardship({ filesDir: '' }), notifications, gateway];
const write = (file, text) => writeFileSync(join(root, file), text);
write('docs/openapi.json', `${JSON.stringify(openApi(services.flatMap(routesOf), version), null, 1)}\n`);
write('docs/asyncapi.json', `${JSON.stringify(asyncApi(services, version), null, 1)}\n`);

const settings = settingsOf(Configuration);
write(
  '.env.example',
  `# Every setting of the standalone app with its default. NAME_FILE names a file that holds the value, for secrets.\n${settings.map(({ name, description, default: fallback }) => `# ${description}\n#${name}=${fallback}`).join('\n')}\n`,
);

const BEGIN = '<!-- settings: written by npm run documents -->';
const END = '<!-- end of settings -->';
const operations = readFileSync(join(root, 'docs/operations.md'), 'utf8');
const rows = settings.map(
  ({ name, description, default: fallback }) => `| \`${name}\` | ${fallback === '' ? '' : `\`${fallback}\``} | ${description} |`,
);
const table = [BEGIN, '', '| setting | default | meaning |', '|---|---|---|', ...rows, '', END].join('\n');
write(
  'docs/operations.md',
  operations.slice(0, operations.indexOf(BEGIN)) + table + operations.slice(operations.indexOf(END) + END.length),
);
