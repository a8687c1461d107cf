import { route, type RouteConfigEntry } from '@react-router/dev/routes';

/** Pages of the area "stewarding", under the language. */
export const routes: RouteConfigEntry[] = [
  route('projects/:id/plan', 'routes/stewarding/plan.tsx'),
  route('projects/:id/plan/sign', 'routes/stewarding/sign-plan.tsx'),
  route('projects/:id/steps/:step', 'routes/stewarding/project-step.tsx'),
  route('projects/:id/milestones/:mid/evidence', 'routes/stewarding/evidence.tsx'),
  route('projects/:id/milestones/:mid/steps/:step', 'routes/stewarding/milestone-step.tsx'),
  route('projects/:id/reports/:rid', 'routes/stewarding/report.tsx'),
  route('projects/:id/reports/:rid/steps/:step', 'routes/stewarding/report-step.tsx'),
  route('projects/:id/deliveries', 'routes/stewarding/deliveries.tsx'),
  route('projects/:id/deliveries/new/:pledge', 'routes/stewarding/record-delivery.tsx'),
  route('projects/:id/deliveries/:did', 'routes/stewarding/delivery.tsx'),
  route('deliveries/:id', 'routes/stewarding/to-delivery.tsx'),
  route('projects/:id/deliveries/:did/steps/:step', 'routes/stewarding/delivery-step.tsx'),
  route('projects/:id/fund/expenditure', 'routes/stewarding/expenditure.tsx'),
  route('projects/:id/fund/void/:eid', 'routes/stewarding/void-expenditure.tsx'),
  route('projects/:id/fund/refund', 'routes/stewarding/refund.tsx'),
];
