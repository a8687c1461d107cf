import { route, type RouteConfigEntry } from '@react-router/dev/routes';

/** Pages of the area "account", under the language. */
export const routes: RouteConfigEntry[] = [
  route('register', 'routes/account/register.tsx'),
  route('organisations/new', 'routes/account/new-organisation.tsx'),
  route('organisations/:id/edit', 'routes/account/edit-organisation.tsx'),
  route('organisations/:id/verification', 'routes/account/verification.tsx'),
  route('organisations/:id/members', 'routes/account/members.tsx'),
  route('organisations/:id/members/:person', 'routes/account/member.tsx'),
  route('invitations/:id', 'routes/account/invitation.tsx'),
  route('settings', 'routes/account/settings.tsx'),
  route('settings/password', 'routes/account/password.tsx'),
  route('settings/sessions', 'routes/account/sessions.tsx'),
  route('settings/tokens', 'routes/account/tokens.tsx'),
];
