import { route, type RouteConfigEntry } from '@react-router/dev/routes';

/** Pages of the area "embeds", under the language: what other sites show of Concord. */
export const routes: RouteConfigEntry[] = [
  route('embed/need/:id', 'routes/embeds/need.tsx'),
  route('embed/project/:id', 'routes/embeds/project.tsx'),
  route('badge/:file', 'routes/embeds/badge.ts'),
];
