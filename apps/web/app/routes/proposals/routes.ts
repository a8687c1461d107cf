import { route, type RouteConfigEntry } from '@react-router/dev/routes';

const page = (path: string, file: string) => route(path, `routes/proposals/${file}.tsx`);

/** Pages of the area "proposals", under the language. */
export const routes: RouteConfigEntry[] = [
  page('needs/:id/propose', 'propose'),
  page('needs/:id/proposals', 'received'),
  page('needs/:id/reviewers', 'reviewers'),
  page('needs/:id/conflict', 'conflict'),
  page('proposals', 'list'),
  page('proposals/:id', 'proposal'),
  page('proposals/:id/edit', 'task-list'),
  page('proposals/:id/edit/partners', 'partners'),
  page('proposals/:id/edit/:topic', 'topic'),
  page('proposals/:id/score', 'score'),
  page('proposals/:id/steps/:step', 'step'),
];
