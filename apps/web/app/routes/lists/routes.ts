import { route, type RouteConfigEntry } from '@react-router/dev/routes';
import { FILES } from './formats.js';

/** Pages of the area "lists", under the language: what is found and taken away, and totals by goal and country. */
export const routes: RouteConfigEntry[] = [
  ...FILES.flatMap(({ path, formats }) =>
    formats.map((format) => route(`${path}.${format}`, 'routes/lists/file.ts', { id: `file ${path}.${format}` })),
  ),
  route('search', 'routes/lists/search.tsx'),
  route('data', 'routes/lists/columns.tsx'),
  route('sdgs/:goal', 'routes/lists/goal.tsx'),
  route('countries/:code', 'routes/lists/country.tsx'),
  route('map', 'routes/lists/map.tsx'),
];
