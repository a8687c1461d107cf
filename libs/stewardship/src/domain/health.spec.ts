import { dayAfter, daysLate, isOverdue, milestoneHealth, projectHealth, reportingLight } from './health.js';

const at = (day: string) => `${day}T10:00:00.000Z`;
const planned = { status: 'in_progress' as const, dueOn: '2026-03-15' };

describe('health (R42)', () => {
  it('is green on time, yellow up to 30 days late, then red', () => {
    expect(['2026-03-15', '2026-03-16', '2026-04-14', '2026-04-15'].map((day) => milestoneHealth(planned, at(day)))).toEqual([
      'green',
      'yellow',
      'yellow',
      'red',
    ]);
  });

  it('counts the day of the submission once it was handed in, and today again when it was returned', () => {
    const delivered = { ...planned, status: 'submitted' as const, submittedOn: '2026-03-10' };
    expect(milestoneHealth(delivered, at('2026-08-01'))).toBe('green');
    expect(milestoneHealth({ ...delivered, status: 'released' }, at('2026-08-01'))).toBe('green');
    expect(milestoneHealth({ ...delivered, status: 'returned' }, at('2026-08-01'))).toBe('red');
    expect(milestoneHealth({ ...delivered, status: 'dropped' }, at('2026-08-01'))).toBeUndefined();
  });

  it('of a project is the worst of its open milestones', () => {
    const late = { status: 'returned' as const, dueOn: '2026-01-01' };
    expect(projectHealth([planned, late], at('2026-03-01'))).toBe('red');
    expect(projectHealth([planned, { ...late, status: 'dropped' }], at('2026-03-16'))).toBe('yellow');
    expect(projectHealth([{ ...late, status: 'released' }], at('2026-03-16'))).toBe('green');
  });

  it('overdue is for what has not been handed in', () => {
    expect(isOverdue(planned, at('2026-03-15'))).toBe(false);
    expect(isOverdue(planned, at('2026-03-16'))).toBe(true);
    expect(isOverdue({ ...planned, status: 'submitted' }, at('2026-03-16'))).toBe(false);
  });
});

describe('days', () => {
  it('are counted across months and leap years', () => {
    expect(daysLate('2026-03-15', '2026-03-15')).toBe(0);
    expect(daysLate('2026-03-15', '2026-03-14')).toBe(0);
    expect(daysLate('2026-03-15', '2026-03-16')).toBe(1);
    expect(daysLate('2026-03-15', '2028-03-15')).toBe(731);
    expect(dayAfter('2028-02-28', 2)).toBe('2028-03-01');
    expect(dayAfter('2026-01-01', -1)).toBe('2025-12-31');
  });
});

describe('reporting light (R43)', () => {
  it('is green for 12 months, yellow for 24, then red', () => {
    const since = '2026-02-10T08:00:00.000Z';
    expect(['2027-02-10', '2027-02-11', '2028-02-10', '2028-02-11'].map((day) => reportingLight(since, at(day)))).toEqual([
      'green',
      'yellow',
      'yellow',
      'red',
    ]);
  });
});
