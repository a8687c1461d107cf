import type { PublicOrganisation } from '@concord/contracts';
import type { z } from 'zod';
import { countryName, languageName, SdgList, When } from '../../components/index.js';
import { useFacts, useT } from '../../facts.js';

/** Facts about an organisation. */
export function Profile({ organisation }: { organisation: z.output<typeof PublicOrganisation> }) {
  const t = useT();
  const { locale } = useFacts();
  const list = new Intl.ListFormat(locale, { type: 'unit' });
  const { acronym, identifier, website, capabilities = [], sectors = [], sdgs = [], countriesServed = [] } = organisation;
  const { languages = [], focalCountries, registeredAt } = organisation;
  const countries = (codes: readonly string[]) => list.format(codes.map((code) => countryName(locale, code)));
  const rows: readonly (readonly [string, React.ReactNode])[] = [
    ['acronym', acronym === undefined ? null : <bdi key="a">{acronym}</bdi>],
    [
      'identifier',
      identifier === undefined ? null : (
        <bdi key="i" dir="ltr">
          {identifier}
        </bdi>
      ),
    ],
    [
      'website',
      website === undefined ? null : (
        <a key="w" href={website} rel="ugc nofollow noreferrer">
          <bdi dir="ltr">{website}</bdi>
        </a>
      ),
    ],
    ['capabilities', capabilities.length === 0 ? null : <bdi key="c">{list.format(capabilities)}</bdi>],
    ['sdgs', sdgs.length === 0 ? null : <SdgList key="s" targets={sdgs} />],
    ['sectors', sectors.length === 0 ? null : <bdi key="d">{list.format(sectors)}</bdi>],
    ['languages', languages.length === 0 ? null : list.format(languages.map((tag) => languageName(locale, tag)))],
    ['countriesServed', countriesServed.length === 0 ? null : countries(countriesServed)],
    ['focalCountries', focalCountries.length === 0 ? null : countries(focalCountries)],
    ['registered', <When key="r" at={registeredAt} />],
  ];
  return (
    <section aria-labelledby="facts-title">
      <h2 id="facts-title">{t('organisations:facts')}</h2>
      <dl className="facts">
        {rows.map(([key, value]) =>
          value === null ? null : (
            <div key={key}>
              <dt>{t(`account:field.${key}`)}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
    </section>
  );
}
