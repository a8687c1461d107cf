import { route, type RouteConfigEntry } from '@react-router/dev/routes';

/** Pages of the area "needs", under the language. */
export const routes: RouteConfigEntry[] = [route('needs', 'routes/needs/list.tsx'), route('needs/:id', 'routes/needs/need.tsx')];
