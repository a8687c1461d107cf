import { STEWARDSHIP_EVENTS } from '@concord/contracts';
import { defineService, type ServiceDefinition } from '@concord/platform';
import { addEvidenceCommand } from './add-evidence.js';
import { cancelProjectCommand, closeProjectCommand, finishProjectCommand, reopenProjectCommand } from './close-project.js';
import { Backing } from './domain/backing.js';
import { EvidenceFile } from './domain/evidence-file.js';
import { Party } from './domain/party.js';
import { readStoredFile, storeFile } from './files.js';
import { migrations } from './migrations.js';
import { listMilestones, milestones } from './milestones.js';
import { onFundReopened, onFundSettled } from './on-fund-standing.js';
import { onLineMinimumReached } from './on-line-minimum-reached.js';
import { onNeedAwardFinalised } from './on-need-award-finalised.js';
import { organisationReactions } from './on-organisation-changes.js';
import { onPledgeDeclined, onPledgeLapsed, onPledgeMade, onPledgeWithdrawn } from './on-pledge-changes.js';
import { onProposalAccepted } from './on-proposal-accepted.js';
import { projectBoard } from './project-board.js';
import { overdueMilestones, projectHealth } from './project-health.js';
import { listProjects, projects } from './projects.js';
import { proposePlanCommand } from './propose-plan.js';
import { remindMilestones } from './remind-milestones.js';
import { postUpdateCommand } from './post-update.js';
import { published } from './published.js';
import { ratePartnershipCommand, recordStewardshipPlanCommand } from './record-stewardship-plan.js';
import { releaseMilestoneCommand } from './release-milestone.js';
import { listReports, reports } from './reports.js';
import { returnMilestoneCommand, signMilestoneCommand } from './sign-milestone.js';
import { signPlanCommand } from './sign-plan.js';
import { startMilestoneCommand } from './start-milestone.js';
import { startProjectCommand } from './start-project.js';
import { recallSubmissionCommand, submitMilestoneCommand } from './submit-milestone.js';
import { acceptReportCommand, sendReportBackCommand, submitReportCommand } from './submit-report.js';
import { resumeProjectCommand, suspendProjectCommand, terminateProjectCommand } from './suspend-project.js';

/** What stewardship has to be told by the process that runs it. */
export interface StewardshipOptions {
  /** Folder for evidence files; made when it does not exist. All instances of the context share it. */
  readonly filesDir: string;
}

/** The stewardship context: projects, milestones, evidence, reports, closure. */
export const stewardship = ({ filesDir }: StewardshipOptions): ServiceDefinition =>
  defineService({
    name: 'stewardship',
    resources: [projects, milestones, reports],
    aggregates: [Backing, Party, EvidenceFile],
    commands: [
      proposePlanCommand,
      signPlanCommand,
      startProjectCommand,
      cancelProjectCommand,
      postUpdateCommand,
      suspendProjectCommand,
      resumeProjectCommand,
      terminateProjectCommand,
      finishProjectCommand,
      reopenProjectCommand,
      closeProjectCommand,
      recordStewardshipPlanCommand,
      ratePartnershipCommand,
      startMilestoneCommand,
      addEvidenceCommand,
      submitMilestoneCommand,
      recallSubmissionCommand,
      signMilestoneCommand,
      returnMilestoneCommand,
      releaseMilestoneCommand,
      submitReportCommand,
      acceptReportCommand,
      sendReportBackCommand,
    ],
    queries: [listProjects, projectBoard, projectHealth, listMilestones, overdueMilestones, listReports, readStoredFile(filesDir)],
    actions: [storeFile(filesDir)],
    reactions: [
      ...organisationReactions,
      onProposalAccepted,
      onNeedAwardFinalised,
      onPledgeMade,
      onPledgeWithdrawn,
      onPledgeDeclined,
      onPledgeLapsed,
      onLineMinimumReached,
      onFundSettled,
      onFundReopened,
    ],
    projections: [],
    schedules: [remindMilestones],
    migrations,
    published,
    publishes: STEWARDSHIP_EVENTS,
  });
