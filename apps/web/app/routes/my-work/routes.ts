import { route, type RouteConfigEntry } from '@react-router/dev/routes';

/** Pages of the area "my-work", under the language. */
export const routes: RouteConfigEntry[] = [
  route('my-work', 'routes/my-work/work.tsx'),
  route('drafts', 'routes/my-work/drafts.tsx'),
  route('work', 'routes/my-work/work-address.ts'),
  route('inbox', 'routes/my-work/inbox.tsx'),
  route('inbox/unread', 'routes/my-work/unread.ts'),
  route('follows', 'routes/my-work/follows.tsx'),
];
