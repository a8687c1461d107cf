import { route, type RouteConfigEntry } from '@react-router/dev/routes';

/** Pages of the area "organisations", under the language. */
export const routes: RouteConfigEntry[] = [
  route('organisations', 'routes/organisations/list.tsx'),
  route('organisations/:id', 'routes/organisations/organisation.tsx'),
];
