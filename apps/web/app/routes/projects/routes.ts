import { route, type RouteConfigEntry } from '@react-router/dev/routes';

/** Pages of the area "projects", under the language. */
export const routes: RouteConfigEntry[] = [
  route('projects', 'routes/projects/list.tsx'),
  route('projects/:id', 'routes/projects/project.tsx'),
  route('projects/:id/milestones', 'routes/projects/milestones.tsx'),
  route('projects/:id/milestones.ics', 'routes/projects/milestones-ics.ts'),
  route('projects/:id/milestones/:mid', 'routes/projects/milestone.tsx'),
  route('projects/:id/budget', 'routes/projects/budget.tsx'),
  route('projects/:id/budget.csv', 'routes/projects/budget-csv.ts'),
  route('projects/:id/activity', 'routes/projects/activity.tsx'),
  route('projects/:id/integrity', 'routes/projects/integrity.tsx'),
  route('projects/:id/chain.json', 'routes/projects/chain-json.ts'),
  route('projects/:id/report', 'routes/projects/report.tsx'),
];
