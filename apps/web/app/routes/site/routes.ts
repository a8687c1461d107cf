import { index, route, type RouteConfigEntry } from '@react-router/dev/routes';

/** Pages of the area "site", under the language. */
export const routes: RouteConfigEntry[] = [
  index('routes/site/home.tsx'),
  route('sign-in', 'routes/site/sign-in.tsx'),
  route('sign-out', 'routes/site/sign-out.tsx'),
  route('acting', 'routes/site/acting.tsx'),
  route('socket-token', 'routes/site/socket-token.ts'),
  route('accessibility', 'routes/site/accessibility.tsx'),
  route('problems', 'routes/site/problems.tsx'),
  route('problems/:code', 'routes/site/problem.tsx'),
];
