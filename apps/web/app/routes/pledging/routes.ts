import { route, type RouteConfigEntry } from '@react-router/dev/routes';

const page = (path: string, file: string) => route(path, `routes/pledging/${file}.tsx`);

/** Pages of the area "pledging", under the language. */
export const routes: RouteConfigEntry[] = [
  page('needs/:id/pledge', 'choose-line'),
  page('needs/:id/pledge/:line', 'make'),
  page('needs/:id/pledges', 'to-need'),
  page('pledges', 'list'),
  page('pledges/:id', 'pledge'),
  page('pledges/:id/amend', 'amend'),
  page('pledges/:id/steps/:step', 'step'),
];
