import { assert } from '@concord/kernel';
import type { Decision } from '@concord/platform';
import { dayOf } from './domain/health.js';
import { Project, ReportMoved } from './domain/project.js';
import { Report, reportDates, reportIdOf, ReportRescheduled, ReportScheduled } from './domain/report.js';

/** Schedules the reports of a started project by its agreed plan: missing ones are added, the final one moves with the last milestone. */
export function scheduleReports(decision: Decision, projectId: string): void {
  const { state: project } = decision.read(Project, projectId);
  assert(project.startedAt !== undefined, 'reports are scheduled from the start on');
  const { needId, leadId, stewardId } = project;
  const due = project.milestones.filter(({ status }) => status !== 'dropped').map(({ dueOn }) => dueOn);
  const dates = reportDates(dayOf(project.startedAt), due);
  const schedule = (kind: 'annual' | 'final', dueOn: string, n = 0): void => {
    const reportId = reportIdOf(projectId, kind, n);
    decision.append(Report, reportId, ReportScheduled({ projectId, needId, leadId, stewardId, kind, dueOn }));
    decision.append(Project, projectId, ReportMoved({ reportId, kind, to: 'awaited' }));
  };
  const annual = project.reports.filter(({ kind }) => kind === 'annual').length;
  dates.annual.slice(annual).forEach((dueOn, index) => schedule('annual', dueOn, annual + index));
  const final = project.reports.find(({ kind }) => kind === 'final');
  if (!final) return schedule('final', dates.final);
  const { state: report } = decision.read(Report, final.reportId);
  if (report.status !== 'accepted' && report.dueOn !== dates.final) {
    decision.append(Report, final.reportId, ReportRescheduled({ dueOn: dates.final }));
  }
}
