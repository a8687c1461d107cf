import { prefix, route, type RouteConfig } from '@react-router/dev/routes';
import { routes as about } from './routes/about/routes.js';
import { routes as account } from './routes/account/routes.js';
import { routes as administration } from './routes/administration/routes.js';
import { routes as certificates } from './routes/certificates/routes.js';
import { routes as embeds } from './routes/embeds/routes.js';
import { routes as lists } from './routes/lists/routes.js';
import { routes as myWork } from './routes/my-work/routes.js';
import { routes as needsForms } from './routes/needs-forms/routes.js';
import { routes as needs } from './routes/needs/routes.js';
import { routes as organisations } from './routes/organisations/routes.js';
import { routes as pledging } from './routes/pledging/routes.js';
import { routes as projects } from './routes/projects/routes.js';
import { routes as proposals } from './routes/proposals/routes.js';
import { routes as site } from './routes/site/routes.js';
import { routes as stewarding } from './routes/stewarding/routes.js';

/** Every page stands under its language; each area lists its own in `routes/<area>/routes.ts`. */
export default [
  ...prefix(':locale', [
    ...site,
    ...needs,
    ...needsForms,
    ...lists,
    ...projects,
    ...organisations,
    ...account,
    ...pledging,
    ...proposals,
    ...stewarding,
    ...myWork,
    ...administration,
    ...embeds,
    ...certificates,
    ...about,
  ]),
  route('*', 'routes/site/absent.tsx'),
] satisfies RouteConfig;
