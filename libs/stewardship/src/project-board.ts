import { everyone } from '@concord/access';
import { ProjectBoard } from '@concord/contracts';
import { Id } from '@concord/kernel';
import { defineQuery, type Database } from '@concord/platform';
import { z } from 'zod';
import { Backing, type BackingState } from './domain/backing.js';
import { Milestone, type MilestoneState } from './domain/milestone.js';
import { nextSteps } from './domain/next-steps.js';
import { Party, type PartyState } from './domain/party.js';
import { startBlockers } from './domain/project-course.js';
import { Project, type ProjectState } from './domain/project.js';
import { Report, type ReportState } from './domain/report.js';
import { presentMilestone } from './milestones.js';
import { presentProject } from './projects.js';
import { presentReport } from './reports.js';

interface Loaded<State> {
  readonly id: string;
  readonly version: number;
  readonly state: State;
}

/** Streams of one kind by their ids, in the order of the ids. */
async function load<State>(db: Database, kind: string, ids: readonly string[]): Promise<Loaded<State>[]> {
  const rows = await db.query<Loaded<State>>('SELECT id, version, state FROM streams WHERE id = ANY($1::uuid[]) AND kind = $2', [
    ids,
    kind,
  ]);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** Everyone who has a part in the project, for the names. */
const partiesOf = (project: ProjectState, milestones: readonly Loaded<MilestoneState>[]): string[] => [
  ...new Set([
    project.leadId,
    project.stewardId,
    ...project.partnerIds,
    ...milestones.flatMap(({ state }) => [state.responsibleId, ...state.signers.map(({ organisationId }) => organisationId)]),
    ...(project.proposed?.milestones ?? []).flatMap(({ signers }) => signers.map(({ organisationId }) => organisationId)),
    ...(project.stewardshipPlan ? [project.stewardshipPlan.maintainerId] : []),
  ]),
];

/** `GET /projects/{id}/board`: one request for one screen. */
export const projectBoard = defineQuery({
  name: 'getProjectBoard',
  summary:
    'Everything one screen about a project needs: plan, milestones, reports, names, and what has to happen next, by whom and by when.',
  path: '/projects/:id/board',
  query: z.strictObject({}),
  output: ProjectBoard,
  allows: everyone,
  async run({ params, db, subject, at }) {
    const id = Id.safeParse(params['id']);
    if (!id.success) return { body: undefined };
    const [project] = await load<ProjectState>(db, Project.kind, [id.data]);
    if (!project) return { body: undefined };
    const { state } = project;
    const [backings, milestones, reports] = await Promise.all([
      load<BackingState>(db, Backing.kind, [state.needId]),
      load<MilestoneState>(
        db,
        Milestone.kind,
        state.milestones.map(({ milestoneId }) => milestoneId),
      ),
      load<ReportState>(
        db,
        Report.kind,
        state.reports.map(({ reportId }) => reportId),
      ),
    ]);
    const parties = await load<PartyState>(db, Party.kind, partiesOf(state, milestones));
    const party = new Map(parties.map((one) => [one.id, one.state]));
    const backing = backings[0]?.state ?? Backing.initial;
    const blockers =
      state.status === 'pipeline' ? startBlockers(state, id.data, backing, (one) => party.get(one) ?? Party.initial) : [];
    const steps = nextSteps({ id: id.data, project: state, backing, milestones, reports, startBlockers: blockers, at });
    const shown = <State>(loaded: Loaded<State>) => ({ ...loaded, subject, at });
    return {
      body: {
        project: presentProject(shown(project)),
        milestones: milestones.map((one) => presentMilestone(shown(one))),
        reports: reports.map((one) => presentReport(shown(one))),
        organisations: partiesOf(state, milestones).map((organisationId) => ({
          organisationId,
          name: party.get(organisationId)?.name,
          verified: party.get(organisationId)?.standing === 'verified',
        })),
        next: steps.map((step) => ({ ...step, who: [...step.who], blockedBy: [...step.blockedBy] })),
        startBlockedBy: blockers.map(({ code }) => code),
      },
    };
  },
});
