import { everyone } from '@concord/access';
import { ReportKind, ReportResource } from '@concord/contracts';
import { Id } from '@concord/kernel';
import { defineList, defineResource, defineTable, type Presented } from '@concord/platform';
import { z } from 'zod';
import { Report, reportStatus, type ReportState } from './domain/report.js';

/** One row per report. `stage` is what is stored; not yet due, due and overdue are derived when it is shown. */
export const reportRows = defineTable({
  name: 'reports',
  key: ['id'],
  columns: { id: 'uuid', project_id: 'text', stage: 'text', kind: 'text', lead_id: 'text', steward_id: 'text', due_on: 'date' },
});

/** A report as the API shows it. */
export function presentReport({ id, version, state, at }: Presented<ReportState>): z.input<typeof ReportResource> {
  const { author: _author, submissions: _submissions, ...shown } = state;
  return { ...shown, id, version, status: reportStatus(state, at) };
}

/** `/reports`: public. They are scheduled by the start and by the agreed plan, so there is no command to create one. */
export const reports = defineResource<ReportState, typeof ReportResource>({
  aggregate: Report,
  plural: 'reports',
  output: ReportResource,
  present: presentReport,
  readable: everyone,
  view: {
    table: reportRows,
    row: (id, state) => ({
      id,
      project_id: state.projectId,
      stage: state.status,
      kind: state.kind,
      lead_id: state.leadId,
      steward_id: state.stewardId,
      due_on: state.dueOn,
    }),
  },
});

/** `GET /reports` */
export const listReports = defineList({
  name: 'listReports',
  summary: 'Progress reports: filter by project, stage, kind, lead, steward.',
  resource: reports,
  allows: everyone,
  visible: () => 'true',
  filters: {
    project: { column: 'project_id', match: 'is', value: Id },
    stage: { column: 'stage', match: 'is', value: z.enum(['awaited', 'submitted', 'accepted', 'sent_back']) },
    kind: { column: 'kind', match: 'is', value: ReportKind },
    lead: { column: 'lead_id', match: 'is', value: Id },
    steward: { column: 'steward_id', match: 'is', value: Id },
  },
  sorts: { due: { column: 'due_on', direction: 'asc' }, latest: { column: 'due_on', direction: 'desc' } },
  facets: ['stage', 'kind'],
});
