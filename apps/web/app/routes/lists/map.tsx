import { useLoaderData, type LoaderFunctionArgs } from 'react-router';
import { countryName, DataTable, EmptyState, Num, numberText, Page } from '../../components/index.js';
import type { Listed } from '../../api.js';
import { useFacts, useHref, useT } from '../../facts.js';
import { load } from '../../server/load.server.js';
import { landPath, MAP_HEIGHT, MAP_WIDTH, pointOf } from './map.server.js';

const RADIUS_MIN = 5;
const RADIUS_MAX = 26;

/** Needs and projects by country. */
export const loader = (args: LoaderFunctionArgs) =>
  load(args, async (visit) => {
    const query = { facets: 'true', count: 'estimate', limit: 1 };
    const [needs, projects] = await Promise.all([
      visit.publicApi.get<Listed<unknown>>('/needs', { query }),
      visit.publicApi.get<Listed<unknown>>('/projects', { query }),
    ]);
    const running = new Map((projects.body.facets?.['country'] ?? []).map(({ value, count }) => [value, count]));
    const asked = new Map((needs.body.facets?.['country'] ?? []).map(({ value, count }) => [value, count]));
    const countries = [...new Set([...asked.keys(), ...running.keys()])].map((code) => ({
      code,
      needs: asked.get(code) ?? 0,
      projects: running.get(code) ?? 0,
      at: pointOf(code),
    }));
    const partly = needs.body.count?.more === true || projects.body.count?.more === true;
    return { countries, partly, land: landPath(), width: MAP_WIDTH, height: MAP_HEIGHT, disclaimer: visit.mapDisclaimer };
  });

/** Where needs are: circles for whole countries over the outline of the land, and the same as a table. */
export default function MapPage() {
  const t = useT();
  const href = useHref();
  const { locale } = useFacts();
  const { countries, partly, land, width, height, disclaimer } = useLoaderData<typeof loader>();
  const most = Math.max(1, ...countries.map(({ needs }) => needs));
  const rows = countries.map((one) => ({ ...one, name: countryName(locale, one.code) }));
  rows.sort((a, b) => b.needs - a.needs || a.name.localeCompare(b.name, locale));
  const radius = (needs: number) => Math.round(Math.max(RADIUS_MIN, RADIUS_MAX * Math.sqrt(needs / most)) * 10) / 10;
  const says = (name: string, needs: number) => `${name}: ${t('lists:map.needs', { shown: numberText(locale, needs) })}`;
  return (
    <Page title={t('lists:map.title')} lead={t('lists:map.lead')} description={t('lists:map.lead')}>
      {rows.length === 0 ? (
        <EmptyState title={t('lists:totals.noNeeds')} to="/needs" action={t('lists:totals.allNeeds')}>
          {t('lists:totals.noNeedsText')}
        </EmptyState>
      ) : (
        <>
          <figure className="map">
            <svg viewBox={`0 0 ${width} ${height}`} role="group" aria-label={t('lists:map.label')}>
              <path className="map-land" d={land} aria-hidden="true" />
              {rows.map(({ code, name, needs, at }) =>
                at === undefined ? null : (
                  <a key={code} href={href(`/countries/${code}`)} aria-label={says(name, needs)}>
                    <circle className="map-area" cx={at[0]} cy={at[1]} r={radius(needs)}>
                      <title>{says(name, needs)}</title>
                    </circle>
                  </a>
                ),
              )}
            </svg>
            <figcaption>
              <p>
                {t('lists:map.areas')} {partly ? t('lists:map.partly') : ''}
              </p>
              <p className="hint">{disclaimer ?? t('lists:map.disclaimer')}</p>
            </figcaption>
          </figure>
          <DataTable
            caption={t('lists:map.caption')}
            rows={rows}
            rowKey={({ code }) => code}
            columns={[
              {
                key: 'country',
                label: t('lists:country.one'),
                heads: true,
                cell: ({ code, name }) => <a href={href(`/countries/${code}`)}>{name}</a>,
              },
              { key: 'needs', label: t('lists:name.needs'), number: true, cell: ({ needs }) => <Num value={needs} /> },
              { key: 'projects', label: t('lists:name.projects'), number: true, cell: ({ projects }) => <Num value={projects} /> },
            ]}
          />
        </>
      )}
    </Page>
  );
}
