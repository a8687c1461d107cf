import { route, type RouteConfigEntry } from '@react-router/dev/routes';

/** Pages of the area "certificates", under the language. */
export const routes: RouteConfigEntry[] = [
  route('pledges/:id/certificate', 'routes/certificates/certificate.tsx'),
  route('verify/:hash?', 'routes/certificates/verify.tsx'),
];
