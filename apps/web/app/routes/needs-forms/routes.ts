import { route, type RouteConfigEntry } from '@react-router/dev/routes';

const page = (path: string, file: string) => route(path, `routes/needs-forms/${file}.tsx`);

/** Pages of the area "needs-forms", under the language. */
export const routes: RouteConfigEntry[] = [
  page('needs/new', 'new-need'),
  page('needs/:id/edit', 'task-list'),
  page('needs/:id/edit/about', 'about'),
  page('needs/:id/edit/place', 'place'),
  page('needs/:id/edit/lines', 'lines'),
  page('needs/:id/edit/lines/:line', 'line'),
  page('needs/:id/edit/criteria', 'criteria'),
  page('needs/:id/edit/dates', 'dates'),
  page('needs/:id/check', 'check'),
  page('needs/:id/endorse', 'endorse'),
  page('needs/:id/publish', 'publish'),
  page('needs/:id/amend', 'amend'),
  page('needs/:id/steps/:step', 'step'),
  page('needs/:id/invitations', 'invitations'),
  page('needs/:id/pin', 'pin'),
  page('pins', 'pins'),
];
