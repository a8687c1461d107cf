import {
  ReportAccepted,
  ReportKind,
  ReportSentBack,
  ReportSubmitted,
  type ReportRating,
  type ReportStatus,
} from '@concord/contracts';
import {
  Day,
  defineAggregate,
  defineEvent,
  Id,
  Refused,
  requireHash,
  requireState,
  versionHash,
  z,
  type DomainEvent,
  type Reason,
} from '@concord/kernel';
import { derivedId } from './derived-id.js';
import { dayAfter, dayOf, yearsAfter } from './health.js';
import type { ProjectState } from './project.js';

/** The project started, or its plan changed: this report will be due. */
export const ReportScheduled = defineEvent(
  'ReportScheduled',
  z.strictObject({ projectId: Id, needId: Id, leadId: Id, stewardId: Id, kind: ReportKind, dueOn: Day }),
);

/** A new plan moved the report's date. */
export const ReportRescheduled = defineEvent('ReportRescheduled', z.strictObject({ dueOn: Day }));

/** The final report is due this many days after the last milestone. */
export const FINAL_REPORT_DAYS = 30;
/** A report counts as due from this many days before its date. */
export const DUE_DAYS = 30;
/** Beyond this many years a project reports by a new plan. */
const ANNUAL_REPORTS_MAX = 20;

/** A progress report. Stream: its own id. */
export interface ReportState {
  readonly status: 'awaited' | 'submitted' | 'accepted' | 'sent_back';
  readonly projectId: string;
  readonly needId: string;
  readonly leadId: string;
  readonly stewardId: string;
  readonly kind: ReportKind;
  readonly dueOn: string;
  readonly submissions: number;
  readonly submission?: {
    readonly version: number;
    readonly hash: string;
    readonly narrative: string;
    readonly lessons?: string;
    readonly at: string;
  };
  /** Who submitted it, and so may not judge it (R22). */
  readonly author?: string;
  readonly rating?: ReportRating;
  readonly sentBack?: { readonly reason: Reason; readonly at: string };
  readonly acceptedAt?: string;
}

const EVENTS = [ReportScheduled, ReportRescheduled, ReportSubmitted, ReportAccepted, ReportSentBack] as const;

/** Report: scheduled with the plan, submitted by the lead, judged by the steward. */
export const Report = defineAggregate<ReportState, typeof EVENTS>({
  kind: 'Report',
  initial: { status: 'awaited', projectId: '', needId: '', leadId: '', stewardId: '', kind: 'final', dueOn: '', submissions: 0 },
  events: EVENTS,
  evolve: {
    ReportScheduled: (state, scheduled) => ({ ...state, ...scheduled }),
    ReportRescheduled: (state, { dueOn }) => ({ ...state, dueOn }),
    ReportSubmitted: ({ author: _before, ...state }, { version, hash, narrative, lessons }, { at, person }) => ({
      ...state,
      status: 'submitted',
      submissions: version,
      submission: { version, hash, narrative, at, ...(lessons === undefined ? {} : { lessons }) },
      ...(person === undefined ? {} : { author: person }),
    }),
    ReportAccepted: (state, { rating }, { at }) => ({ ...state, status: 'accepted', rating, acceptedAt: at }),
    ReportSentBack: (state, { reason }, { at }) => ({ ...state, status: 'sent_back', sentBack: { reason, at } }),
  },
});

/** Not yet due, due and overdue are derived from the date while the report is awaited. */
export function reportStatus({ status, dueOn }: Pick<ReportState, 'status' | 'dueOn'>, at: string): ReportStatus {
  if (status !== 'awaited') return status;
  const today = dayOf(at);
  if (today > dueOn) return 'overdue';
  return today >= dayAfter(dueOn, -DUE_DAYS) ? 'due' : 'not_yet_due';
}

const ids = ({ projectId, needId, kind }: ReportState) => ({ projectId, needId, kind });

/** The lead submits the report, for the first time or after it was sent back. */
export function submitReport(
  report: ReportState,
  project: ProjectState,
  content: { readonly narrative: string; readonly lessons?: string },
): DomainEvent {
  requireState('report', report.status, 'awaited', 'sent_back');
  requireState('project', project.status, 'implementation', 'suspended', 'finalisation');
  const version = report.submissions + 1;
  return ReportSubmitted({ ...ids(report), version, hash: versionHash({ ...ids(report), version, ...content }), ...content });
}

/** The steward accepts the submitted version, named by its hash, with a rating (R22, R26). */
export function acceptReport(
  report: ReportState,
  verdict: { readonly hash: string; readonly rating: ReportRating; readonly reason?: Reason },
  person: string,
): DomainEvent {
  requireState('report', report.status, 'submitted');
  requireHash('report', verdict.hash, report.submission?.hash ?? '');
  if (report.author === person)
    throw new Refused('conflict_of_interest', 'You submitted this report; another approver has to judge it.');
  return ReportAccepted({ ...ids(report), ...verdict });
}

/** The steward sends the report back with a reason. */
export function sendReportBack(report: ReportState, reason: Reason, person: string): DomainEvent {
  requireState('report', report.status, 'submitted');
  if (report.author === person)
    throw new Refused('conflict_of_interest', 'You submitted this report; another approver has to judge it.');
  return ReportSentBack({ ...ids(report), reason });
}

/** Id of the n-th report of a kind: follows from the project, so that scheduling twice would name the same report. */
export const reportIdOf = (projectId: string, kind: ReportKind, n: number): string =>
  derivedId(versionHash({ projectId, kind, n }));

/** Dates of a project's reports: every twelve months after the start while work is planned, and one at the end. */
export function reportDates(startedOn: string, milestoneDates: readonly string[]): { annual: string[]; final: string } {
  const last = [startedOn, ...milestoneDates].reduce((latest, day) => (day > latest ? day : latest));
  const final = dayAfter(last, FINAL_REPORT_DAYS);
  const annual: string[] = [];
  for (let year = 1; year <= ANNUAL_REPORTS_MAX && yearsAfter(startedOn, year) < final; year += 1) {
    annual.push(yearsAfter(startedOn, year).replace('-02-29', '-02-28'));
  }
  return { annual, final };
}
