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

const operationsFile = 'docs/operations.md';
const rowOf = ({ name, description, default: fallback }) =>
  `| \`${name}\` | ${fallback === '' ? '' : `\`${fallback}\``} | ${description} |`;

/** Writes lines between two marks of docs/operations.md. */
function writeBetween(begin, end, lines) {
  const text = readFileSync(join(root, operationsFile), 'utf8');
  const table = [begin, '', ...lines, '', end].join('\n');
  write(operationsFile, text.slice(0, text.indexOf(begin)) + table + text.slice(text.indexOf(end) + end.length));
}

writeBetween('<!-- settings: written by npm run documents -->', '<!-- end of settings -->', [
  '| setting | default | meaning |',
  '|---|---|---|',
  ...settings.map(rowOf),
]);

const { ServiceSettings } = await import('@concord/platform/serve');
const { DirectorySettings } = await import('../../apps/directory/dist/settings.js');
const { StewardshipSettings } = await import('../../apps/stewardship/dist/settings.js');
const { GatewaySettings } = await import('../../apps/gateway/dist/settings.js');
const everyService = settingsOf(ServiceSettings);
const known = new Map(everyService.map((setting) => [setting.name, rowOf(setting)]));
/** What an app adds to the settings of every service, or says otherwise. */
const ownRows = (schema, app) =>
  settingsOf(schema)
    .filter((setting) => known.get(setting.name) !== rowOf(setting))
    .map((setting) => `| ${app} ${rowOf(setting)}`);
writeBetween('<!-- service settings: written by npm run documents -->', '<!-- end of service settings -->', [
  '| of | setting | default | meaning |',
  '|---|---|---|---|',
  ...everyService.map((setting) => `| every service ${rowOf(setting)}`),
  ...ownRows(DirectorySettings, 'directory'),
  ...ownRows(StewardshipSettings, 'stewardship'),
  ...ownRows(GatewaySettings, 'gateway'),
]);
