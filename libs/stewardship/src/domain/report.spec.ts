import { ReportAccepted, ReportSentBack, ReportSubmitted } from '@concord/contracts';
import { versionHash } from '@concord/kernel';
import { given } from '@concord/testing';
import fc from 'fast-check';
import { Project } from './project.js';
import {
  acceptReport,
  Report,
  reportDates,
  ReportRescheduled,
  ReportScheduled,
  reportStatus,
  sendReportBack,
  submitReport,
  type ReportState,
} from './report.js';
import { LANTERN, MINISTRY, NEED, opened, PROJECT, reason, RUNNING } from './story.js';

const ids = { projectId: PROJECT, needId: NEED, kind: 'final' as const };
const scheduled = ReportScheduled({ ...ids, leadId: LANTERN, stewardId: MINISTRY, dueOn: '2026-07-15' });
const hash = (version: number) => versionHash({ ...ids, version, narrative: 'Done' });
const submission = (version = 1) => ReportSubmitted({ ...ids, version, hash: hash(version), narrative: 'Done' });
const submitted = [scheduled, [submission(), { person: 'lantern-1' }]] as const;
const project = given(Project, RUNNING).state;

describe('report', () => {
  it('is submitted, sent back, submitted again and accepted with a rating', () => {
    given(Report, [scheduled])
      .when((state) => submitReport(state, project, { narrative: 'Done' }))
      .then(submission());
    given(Report, submitted)
      .when((state) => sendReportBack(state, reason('figures'), 'm-1'))
      .then(ReportSentBack({ ...ids, reason: reason('figures') }));
    const back = [...submitted, ReportSentBack({ ...ids, reason: reason('figures') })];
    given(Report, back)
      .when((state) => submitReport(state, project, { narrative: 'Done' }))
      .then(submission(2));
    given(Report, submitted)
      .when((state) => acceptReport(state, { hash: hash(1), rating: 'on_track' }, 'm-1'))
      .then(ReportAccepted({ ...ids, rating: 'on_track', hash: hash(1) }));
  });

  it('is judged by its hash (R26) and never by who submitted it (R22)', () => {
    given(Report, submitted)
      .when((state) => acceptReport(state, { hash: hash(2), rating: 'met' }, 'm-1'))
      .refused('stale_version');
    given(Report, submitted)
      .when((state) => acceptReport(state, { hash: hash(1), rating: 'met' }, 'lantern-1'))
      .refused('conflict_of_interest');
    given(Report, submitted)
      .when((state) => sendReportBack(state, reason('x_y'), 'lantern-1'))
      .refused('conflict_of_interest');
    given(Report, [scheduled])
      .when((state) => acceptReport(state, { hash: hash(1), rating: 'met' }, 'm-1'))
      .refused('wrong_state');
  });

  it('is not submitted before the start', () => {
    given(Report, [scheduled])
      .when((state) => submitReport(state, given(Project, [opened]).state, { narrative: 'Early' }))
      .refused('wrong_state');
  });

  it('shows not yet due, due and overdue by its date, which a new plan moves', () => {
    const { state } = given(Report, [scheduled, ReportRescheduled({ dueOn: '2026-08-14' })]);
    const on = (day: string) => reportStatus(state, `${day}T12:00:00.000Z`);
    expect(['2026-07-14', '2026-07-15', '2026-08-14', '2026-08-15'].map(on)).toEqual(['not_yet_due', 'due', 'due', 'overdue']);
    expect(reportStatus({ ...state, status: 'accepted' }, '2030-01-01T00:00:00.000Z')).toBe('accepted');
  });

  it('is due every year while work is planned, and thirty days after the last milestone', () => {
    expect(reportDates('2026-01-10', ['2026-12-01', '2027-06-01'])).toEqual({ annual: ['2027-01-10'], final: '2027-07-01' });
    expect(reportDates('2028-02-29', ['2030-01-01']).annual).toEqual(['2029-02-28']);
    expect(reportDates('2026-01-10', [])).toEqual({ annual: [], final: '2026-02-09' });
  });
});

describe('whatever is tried on a report', () => {
  const step = fc.oneof(
    fc.constant((state: ReportState) => submitReport(state, project, { narrative: 'Done' })),
    fc.record({ version: fc.nat({ max: 4 }), person: fc.constantFrom('m-1', 'person-1') }).map(
      ({ version, person }) =>
        (state: ReportState) =>
          acceptReport(state, { hash: hash(version), rating: 'met' }, person),
    ),
    fc.constantFrom('m-1', 'person-1').map((person) => (state: ReportState) => sendReportBack(state, reason('x_y'), person)),
  );

  it('only the submitted version is accepted, once, by somebody else', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const past = [scheduled] as Parameters<typeof given>[1][number][];
        for (const attempt of steps) {
          const { state } = given(Report, past);
          try {
            const event = attempt(state);
            if (event.kind === 'ReportAccepted') expect((event.data as { hash: string }).hash).toBe(state.submission?.hash);
            past.push(event);
          } catch (error) {
            expect(error).toMatchObject({ name: 'Refused' });
          }
        }
        const kinds = past.map((event) => (event as { kind: string }).kind);
        expect(kinds.filter((kind) => kind === 'ReportAccepted').length).toBeLessThanOrEqual(1);
        expect(given(Report, past).state.submissions).toBe(kinds.filter((kind) => kind === 'ReportSubmitted').length);
      }),
    );
  });
});
