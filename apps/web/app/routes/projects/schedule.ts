import type { Milestone, Project } from './board.js';

const UNDELIVERED: readonly string[] = ['planned', 'in_progress', 'returned'];

/** Day of the first milestone that still has to be handed in. */
export const nextDue = ({ milestones }: Pick<Project, 'milestones'>): string | undefined =>
  milestones
    .filter(({ status }) => UNDELIVERED.includes(status))
    .map(({ dueOn }) => dueOn)
    .sort()[0];

/** A milestone in time: `from` is the due date of the one before it, or the start; days are YYYY-MM-DD. */
export interface Scheduled {
  readonly milestone: Milestone;
  readonly from: string;
  readonly submittedOn?: string;
  readonly acceptedOn?: string;
  readonly releasedOn?: string;
}

const dayOf = (instant: string): string => instant.slice(0, 10);

/** Undropped milestones by date, each with the time the plan gives it. */
export function scheduleOf(project: Project, milestones: readonly Milestone[]): Scheduled[] {
  const start = dayOf(project.startedAt ?? project.agreedPlan?.agreedAt ?? project.openedAt);
  const sorted = [...milestones]
    .filter(({ status }) => status !== 'dropped')
    .sort((a, b) => (a.dueOn < b.dueOn ? -1 : a.dueOn > b.dueOn ? 1 : 0));
  return sorted.map((milestone, index) => {
    const before = sorted[index - 1]?.dueOn;
    const from = before === undefined || before < start ? start : before;
    const { submission, acceptedAt, releasedAt, dueOn, status } = milestone;
    const handedIn = submission && status !== 'in_progress' && status !== 'returned' ? submission.at : undefined;
    return {
      milestone,
      from: from < dueOn ? from : dueOn,
      ...(handedIn === undefined ? {} : { submittedOn: dayOf(handedIn) }),
      ...(acceptedAt === undefined ? {} : { acceptedOn: dayOf(acceptedAt) }),
      ...(releasedAt === undefined ? {} : { releasedOn: dayOf(releasedAt) }),
    };
  });
}

const days = (day: string): number => Date.parse(`${day}T00:00:00Z`) / 86_400_000;

/** A scale of whole months over some days: `at` gives a day's place, 0 to 1. */
export interface Scale {
  readonly months: readonly { readonly day: string; readonly at: number }[];
  at(day: string): number;
}

/** Months from the first to the last of some days, whole at both ends; at most about 24 lines, so long plans skip months. */
export function scaleOf(given: readonly string[]): Scale {
  const sorted = [...given].sort();
  const first = sorted[0] ?? '2000-01-01';
  const last = sorted.at(-1) ?? first;
  const month = (day: string): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;
  const text = (n: number): string => `${String(Math.floor(n / 12)).padStart(4, '0')}-${String((n % 12) + 1).padStart(2, '0')}-01`;
  const [from, to] = [month(first), month(last) + 1];
  const [start, whole] = [days(text(from)), days(text(to)) - days(text(from))];
  const at = (day: string): number => Math.min(1, Math.max(0, (days(day) - start) / whole));
  const step = Math.max(1, Math.ceil((to - from) / 12));
  const months = Array.from({ length: Math.ceil((to - from) / step) }, (_, n) => text(from + n * step));
  return { months: months.map((day) => ({ day, at: at(day) })), at };
}
