import { AcceptReportInput, SendReportBackInput, SubmitReportInput } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import { Project, ReportMoved } from './domain/project.js';
import { acceptReport, sendReportBack, submitReport, type ReportState } from './domain/report.js';
import { leadApprover, stewardApprover } from './policy.js';
import { reports } from './reports.js';

/** `POST /reports/{id}/submit` */
export const submitReportCommand = defineCommand<ReportState, typeof SubmitReportInput>({
  name: 'submitReport',
  summary: 'The lead submits a scheduled report, for the first time or after it was sent back.',
  on: reports,
  verb: 'submit',
  input: SubmitReportInput,
  allows: leadApprover,
  decide(decision) {
    const { state, input, id } = decision;
    const submitted = submitReport(state, decision.read(Project, state.projectId).state, input);
    decision.append(Project, state.projectId, ReportMoved({ reportId: id, kind: state.kind, to: 'submitted' }));
    return submitted;
  },
});

/** `POST /reports/{id}/accept` */
export const acceptReportCommand = defineCommand<ReportState, typeof AcceptReportInput>({
  name: 'acceptReport',
  summary: 'The steward accepts the submitted report, named by its hash, with a rating (R22, R26).',
  on: reports,
  verb: 'accept',
  input: AcceptReportInput,
  allows: stewardApprover,
  decide(decision) {
    const { state, input, subject, id } = decision;
    const accepted = acceptReport(state, input, subject.person);
    decision.append(Project, state.projectId, ReportMoved({ reportId: id, kind: state.kind, to: 'accepted' }));
    return accepted;
  },
});

/** `POST /reports/{id}/send-back` */
export const sendReportBackCommand = defineCommand<ReportState, typeof SendReportBackInput>({
  name: 'sendReportBack',
  summary: 'The steward sends a submitted report back with a reason.',
  on: reports,
  verb: 'send-back',
  input: SendReportBackInput,
  allows: stewardApprover,
  decide(decision) {
    const { state, input, subject, id } = decision;
    const sentBack = sendReportBack(state, input.reason, subject.person);
    decision.append(Project, state.projectId, ReportMoved({ reportId: id, kind: state.kind, to: 'sent_back' }));
    return sentBack;
  },
});
