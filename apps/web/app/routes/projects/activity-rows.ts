import type { HistoryEntry, Listed } from '../../api.js';
import type { Visit } from '../../server/visit.server.js';
import type { Board } from './board.js';

/** What an event is about, for the filter of the activity page. */
export const TOPICS = ['delivery', 'money', 'discussion'] as const;
export type Topic = (typeof TOPICS)[number];

/** Events shown to readers, by what they are about. What is written twice, or only for the machine, stays in the streams. */
export const SHOWN: Readonly<Record<string, Topic>> = {
  ProjectOpened: 'delivery',
  PlanProposed: 'delivery',
  PlanSigned: 'delivery',
  PlanAgreed: 'delivery',
  ProjectStarted: 'delivery',
  ProjectCancelled: 'delivery',
  ProjectSuspended: 'delivery',
  ProjectResumed: 'delivery',
  ProjectUpdatePosted: 'discussion',
  ProjectFinalisationStarted: 'delivery',
  ProjectReopened: 'delivery',
  ProjectClosed: 'delivery',
  StewardshipPlanRecorded: 'delivery',
  PartnershipRated: 'discussion',
  ProjectApprovalGiven: 'delivery',
  MilestonePlanned: 'delivery',
  MilestoneReplanned: 'delivery',
  MilestoneStarted: 'delivery',
  MilestoneReminded: 'delivery',
  EvidenceAdded: 'delivery',
  MilestoneSubmitted: 'delivery',
  SubmissionRecalled: 'delivery',
  MilestoneSigned: 'delivery',
  MilestoneAccepted: 'delivery',
  MilestoneReturned: 'delivery',
  MilestoneReleased: 'delivery',
  MilestoneDropped: 'delivery',
  ReleaseApprovalGiven: 'delivery',
  ReportSubmitted: 'discussion',
  ReportAccepted: 'discussion',
  ReportSentBack: 'discussion',
  FundOpened: 'money',
  FundsReceived: 'money',
  FundsReceiptReversed: 'money',
  ExpenditureRecorded: 'money',
  ExpenditureVoided: 'money',
  RefundOffered: 'money',
  FundsRefunded: 'money',
  FundSettled: 'money',
  FundReopened: 'money',
};

/** An event of a project or of something in it. */
export interface Activity {
  readonly key: string;
  readonly kind: string;
  readonly topic: Topic;
  readonly at: string;
  readonly organisation?: string;
  readonly reason?: string;
  /** Title of the milestone or kind of the report it belongs to. */
  readonly about?: { readonly milestone: string } | { readonly report: string };
  /** Address of it below the language. */
  readonly to: string;
  readonly money?: { readonly minor: number; readonly currency: string };
}

interface Source {
  readonly plural: string;
  readonly id: string;
  readonly to: string;
  readonly about?: Activity['about'];
}

/** Streams that make up a project. */
export function sourcesOf({ project, milestones, reports }: Board): Source[] {
  const top = `/projects/${project.id}`;
  return [
    { plural: 'projects', id: project.id, to: top },
    { plural: 'funds', id: project.id, to: `${top}/budget` },
    ...milestones.map(({ id, title }) => ({
      plural: 'milestones',
      id,
      to: `${top}/milestones/${id}`,
      about: { milestone: title },
    })),
    ...reports.map(({ id, kind }) => ({ plural: 'reports', id, to: `${top}/reports/${id}`, about: { report: kind } })),
  ];
}

const HISTORY_MAX = 500;

/** The history of one object, from its first event. */
export async function historyOf(visit: Visit, plural: string, id: string): Promise<HistoryEntry[]> {
  const found: HistoryEntry[] = [];
  for (;;) {
    const after = found.at(-1)?.version ?? 0;
    const { body } = await visit.api.get<Listed<HistoryEntry>>(`/${plural}/${id}/history`, { query: { after, limit: 100 } });
    found.push(...body.items);
    if (body.items.length < 100 || found.length >= HISTORY_MAX) return found;
  }
}

/** What happened in a project and in everything of it, the newest first. */
export async function activityOf(visit: Visit, board: Board): Promise<Activity[]> {
  const parts = await Promise.all(
    sourcesOf(board).map(async ({ plural, id, to, about }) =>
      (await historyOf(visit, plural, id)).flatMap((entry): Activity[] => {
        const topic = SHOWN[entry.kind];
        if (topic === undefined) return [];
        const { currency, quantity } = entry.data as { currency?: string; quantity?: number };
        return [
          {
            key: `${plural}-${id}-${entry.version}`,
            kind: entry.kind,
            topic,
            at: entry.at,
            to,
            ...(entry.organisation === undefined ? {} : { organisation: entry.organisation }),
            ...(entry.reason?.text === undefined ? {} : { reason: entry.reason.text }),
            ...(about === undefined ? {} : { about }),
            ...(currency === undefined || quantity === undefined ? {} : { money: { minor: quantity, currency } }),
          },
        ];
      }),
    ),
  );
  return parts.flat().sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
}
