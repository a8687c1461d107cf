import { route, type RouteConfigEntry } from '@react-router/dev/routes';

/** Pages of the area "about", under the language: how programs talk to Concord, and by what rules it is run. */
export const routes: RouteConfigEntry[] = [
  route('developers', 'routes/about/developers.tsx'),
  route('policies', 'routes/about/policies.tsx'),
];
