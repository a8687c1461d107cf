import { route, type RouteConfigEntry } from '@react-router/dev/routes';

/** Pages of the area "administration", under the language. */
export const routes: RouteConfigEntry[] = [
  route('admin', 'routes/administration/overview.tsx'),
  route('admin/verification', 'routes/administration/queue.tsx'),
  route('admin/organisations/:id', 'routes/administration/organisation.tsx'),
  route('admin/people', 'routes/administration/find-person.tsx'),
  route('admin/people/:id', 'routes/administration/person.tsx'),
  route('admin/operations', 'routes/administration/operations.tsx'),
];
