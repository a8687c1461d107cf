import { settingsOf } from '@concord/platform';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { addressesOf, GatewaySettings } from './settings.js';

const needed = { DATABASE_URL: 'postgres://x/y', KAFKA_BROKERS: 'a:1,b:2' };

describe('the settings of the gateway', () => {
  it('say where each service is, and by default by its name', () => {
    const settings = GatewaySettings.parse({ ...needed, CONCORD_SERVICES: 'pledges=https://a.example:1/,directory=http://b' });
    expect([...addressesOf(['directory', 'pledges', 'stewardship'], settings)]).toEqual([
      ['directory', 'http://b'],
      ['pledges', 'https://a.example:1'],
      ['stewardship', 'http://stewardship:3000'],
    ]);
  });

  it.each([{ CONCORD_SERVICES: 'pledges' }, { KAFKA_BROKERS: 'a:1,b' }, { DATABASE_URL: 'mysql://x/y' }, { CONCORD_ENV: 'test' }])(
    'refuse %j',
    (fault) => {
      expect(GatewaySettings.safeParse(needed).success).toBe(true);
      expect(GatewaySettings.safeParse({ ...needed, ...fault }).success).toBe(false);
    },
  );

  it('are listed in docs/operations.md', () => {
    const text = readFileSync(join(import.meta.dirname, '../../../docs/operations.md'), 'utf8');
    const listed = text.slice(text.indexOf('<!-- service settings'), text.indexOf('<!-- end of service settings -->'));
    expect(
      settingsOf(GatewaySettings).filter(
        ({ name, description }) => !listed.includes(`\`${name}\``) || !listed.includes(description),
      ),
    ).toEqual([]);
  });
});
