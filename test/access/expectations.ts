import type { Route } from '@concord/platform';
import type { Stranger } from './callers.js';
import type { Place } from './requests.js';
import type { MemberKey } from './world.js';

/** What a policy means to the callers of the matrix. */
export interface Rule {
  /** Strangers whom the policy lets pass on an object they may see. */
  readonly strangers: readonly Stranger[];
  /** Somebody whom it lets pass on the objects of the world; absent where nobody of the world is. */
  readonly right?: MemberKey;
  /** `context/name` of the routes it stands on, separated by white space. */
  readonly routes: string;
}

const ALL: readonly Stranger[] = ['viewer', 'approver', 'unverified', 'suspended', 'writeToken', 'readToken'];
const IN_SESSION: readonly Stranger[] = ['viewer', 'approver', 'unverified', 'suspended'];
const APPROVERS: readonly Stranger[] = ['approver', 'writeToken'];
const CONTEXTS = ['directory', 'partnerships', 'pledges', 'stewardship', 'notifications', 'gateway'] as const;
const noun = (context: string): string => context.replace(/^\w/u, (letter) => letter.toUpperCase());
const everyContext = (routes: (noun: string) => readonly string[]): string =>
  CONTEXTS.flatMap((context) => routes(noun(context)).map((name) => `${context}/${name}`)).join(' ');

/** The explicit expectation: for each policy, by the label the API document shows, the routes it stands on and whom it lets pass. */
export const RULES: Readonly<Record<string, Rule>> = {
  everyone: {
    strangers: ALL,
    routes: `directory/listOrganisations directory/getJwks directory/registerPerson directory/signIn directory/refreshSession
      directory/getOrganisation directory/getOrganisationHistory directory/getOrganisationStream
      partnerships/listNeeds partnerships/listSimilarNeeds partnerships/getNeedOutcome
      pledges/listPledges pledges/listLines pledges/listFunds pledges/getNeedFunding pledges/getOrganisationConversion pledges/getLedger
      pledges/getFundEntries pledges/getPledge pledges/getPledgeHistory pledges/getPledgeStream pledges/getLine pledges/getLineHistory
      pledges/getLineStream pledges/getFund pledges/getFundHistory pledges/getFundStream
      stewardship/listProjects stewardship/getProjectBoard stewardship/getProjectHealth stewardship/listMilestones
      stewardship/listOverdueMilestones stewardship/listReports stewardship/readFile stewardship/getProject stewardship/getProjectHistory
      stewardship/getProjectStream stewardship/getMilestone stewardship/getMilestoneHistory stewardship/getMilestoneStream
      stewardship/getReport stewardship/getReportHistory stewardship/getReportStream
      ${everyContext((name) => [`list${name}Checkpoints`, `get${name}CheckpointProof`, `list${name}Decisions`])}`,
  },
  'signed in': {
    strangers: ALL,
    right: 'owner',
    routes: `directory/listMembers directory/getPerson directory/listPeople partnerships/getNeedReadiness partnerships/getNeedReview
      partnerships/listEndorsements partnerships/listNeedInvitations partnerships/listPins partnerships/listProposals
      partnerships/getProposalScores partnerships/declareConflict pledges/listDeliveries notifications/listInbox
      notifications/listFollows notifications/followObject`,
  },
  'signed in, in a session': {
    strangers: IN_SESSION,
    right: 'owner',
    routes: `directory/getVerification directory/listInvitations directory/getMe directory/listSessions directory/listTokens
      directory/changePassword directory/endSession directory/inviteMember directory/acceptInvitation directory/issueToken
      directory/revokeToken directory/registerOrganisation`,
  },
  registrar: {
    strangers: [],
    right: 'registrar',
    routes: everyContext((name) => [
      `list${name}Parked`,
      `list${name}Views`,
      `verify${name}`,
      `release${name}Parked`,
      `rebuild${name}View`,
    ]),
  },
  'registrar, in a session': {
    strangers: [],
    right: 'registrar',
    routes: `directory/setPlatformRoles directory/askInformation directory/verifyOrganisation directory/rejectOrganisation
      directory/suspendOrganisation directory/reinstateOrganisation directory/designateFocalPoint`,
  },
  'admin of the organisation, verified or not, or editor of the organisation, verified or not': {
    strangers: [],
    right: 'owner',
    routes: 'directory/reviseOrganisation',
  },
  'admin of the organisation, verified or not, in a session': {
    strangers: [],
    right: 'owner',
    routes: 'directory/requestVerification directory/setMemberRoles directory/removeMember directory/withdrawInvitation',
  },
  'member of the organisation, in a session': { strangers: [], right: 'owner', routes: 'directory/leaveOrganisation' },
  'editor of an organisation that is not suspended': {
    strangers: [...APPROVERS, 'unverified'],
    right: 'owner',
    routes: 'partnerships/draftNeed partnerships/draftProposal',
  },
  'viewer of an organisation that is not suspended': {
    strangers: [...APPROVERS, 'unverified', 'viewer'],
    right: 'owner',
    routes: 'partnerships/pinNeed partnerships/unpinNeed',
  },
  'everyone, once it was published, or member of the owner of the need, or member of a focal point asked to endorse it': {
    strangers: ALL,
    right: 'owner',
    routes: 'partnerships/getNeed partnerships/getNeedHistory partnerships/getNeedStream',
  },
  'member of the lead or a co-author, or member of the owner of the need, or a reviewer of the need': {
    strangers: [],
    right: 'lead',
    routes: 'partnerships/getProposal partnerships/getProposalHistory partnerships/getProposalStream',
  },
  'editor of the owner of the need, verified or not': { strangers: [], right: 'owner', routes: 'partnerships/reviseNeed' },
  'approver of the owner of the need, verified or not': { strangers: [], right: 'owner', routes: 'partnerships/withdrawNeed' },
  'editor of the owner of the need': {
    strangers: [],
    right: 'owner',
    routes: 'partnerships/submitNeed partnerships/inviteOrganisation partnerships/shortlistProposal',
  },
  'approver of a focal point of the country': { strangers: [], routes: 'partnerships/endorseNeed' },
  'approver of a focal point of the country, or approver of the owner of the need': {
    strangers: [],
    right: 'owner',
    routes: 'partnerships/returnNeed',
  },
  'approver of the owner of the need': {
    strangers: [],
    right: 'owner',
    routes: `partnerships/publishNeed partnerships/amendNeed partnerships/closeIntake partnerships/extendNeed partnerships/closeNeed
      partnerships/appointReviewer partnerships/dismissReviewer partnerships/inviteFullProposal partnerships/acceptProposal
      partnerships/declineProposal pledges/acceptPledge pledges/declinePledge`,
  },
  'editor of the lead or a co-author, verified or not': { strangers: [], right: 'lead', routes: 'partnerships/reviseProposal' },
  'approver of the lead, verified or not': { strangers: [], right: 'lead', routes: 'partnerships/withdrawProposal' },
  'approver of the lead': {
    strangers: [],
    right: 'lead',
    routes: `partnerships/submitProposal stewardship/proposePlan stewardship/finishProject stewardship/submitMilestone
      stewardship/recallSubmission stewardship/submitReport`,
  },
  'a reviewer of the need': { strangers: [], right: 'reviewer', routes: 'partnerships/scoreProposal' },
  'member of the pledger, the recipient or the steward': {
    strangers: [],
    right: 'lead',
    routes: 'pledges/getDelivery pledges/getDeliveryHistory pledges/getDeliveryStream',
  },
  'editor of a verified organisation': { strangers: APPROVERS, right: 'funder', routes: 'pledges/makePledge' },
  'editor of the pledger': { strangers: [], right: 'funder', routes: 'pledges/amendPledge pledges/correctDelivery' },
  'approver of the pledger': {
    strangers: [],
    right: 'funder',
    routes: 'pledges/withdrawPledge pledges/confirmPledge pledges/voidDelivery',
  },
  'approver of the pledger or the recipient': {
    strangers: [],
    right: 'funder',
    routes: 'pledges/reviseCommitment pledges/reverseDelivery',
  },
  'approver of the pledger or the steward': { strangers: [], right: 'owner', routes: 'pledges/lapseRemainder' },
  'field of a verified organisation': {
    strangers: APPROVERS,
    right: 'funder',
    routes: 'pledges/recordDelivery stewardship/storeFile',
  },
  'approver of the recipient': {
    strangers: [],
    right: 'lead',
    routes: 'pledges/acknowledgeDelivery pledges/disputeDelivery',
  },
  'editor of the lead': {
    strangers: [],
    right: 'lead',
    routes: 'pledges/recordExpenditure pledges/voidExpenditure stewardship/startMilestone',
  },
  'approver of the lead or a payer': { strangers: [], right: 'lead', routes: 'pledges/refundFunds' },
  'approver of a verified organisation': { strangers: APPROVERS, right: 'owner', routes: 'stewardship/signPlan' },
  'approver of the steward': {
    strangers: [],
    right: 'owner',
    routes: `stewardship/startProject stewardship/cancelProject stewardship/suspendProject stewardship/resumeProject
      stewardship/terminateProject stewardship/reopenProject stewardship/closeProject stewardship/releaseMilestone
      stewardship/acceptReport stewardship/sendReportBack`,
  },
  'editor of the lead or the steward': {
    strangers: [],
    right: 'lead',
    routes: 'stewardship/recordStewardshipPlan stewardship/postProjectUpdate',
  },
  'approver of the lead or the steward': { strangers: [], right: 'owner', routes: 'stewardship/ratePartnership' },
  'field of the lead or a partner': { strangers: [], right: 'lead', routes: 'stewardship/addEvidence' },
  'approver of a signer of the milestone': {
    strangers: [],
    right: 'owner',
    routes: 'stewardship/signMilestone stewardship/returnMilestone',
  },
  'the person it belongs to': {
    strangers: [],
    right: 'owner',
    routes: `notifications/getInbox notifications/getInboxHistory notifications/getInboxStream notifications/getFollow
      notifications/getFollowHistory notifications/getFollowStream notifications/markItemsRead notifications/markItemsUnread
      notifications/markItemsDone notifications/unfollowObject`,
  },
};

/** Where the policy of the route lets strangers pass and what it finds does not: `hidden` queries hide what their object shows. */
export const FINER: Readonly<Record<string, Partial<Record<Place, number>>>> = {
  'directory/listMembers': { shown: 404 },
  'directory/getVerification': { shown: 404 },
  'directory/listInvitations': { shown: 404 },
  'directory/inviteMember': { shown: 403 },
  'partnerships/getNeedReadiness': { shown: 404 },
  'partnerships/getNeedReview': { shown: 404 },
  // Totals of an organisation that pledged nothing are empty, not absent: this context does not know every organisation.
  'pledges/getOrganisationConversion': { absent: 200, other: 200 },
  // The proofs are asked for a need: of the other contexts' events nobody can read one under this id.
  ...Object.fromEntries(
    CONTEXTS.filter((context) => context !== 'partnerships').map((context) => [
      `${context}/get${noun(context)}CheckpointProof`,
      { shown: 404 },
    ]),
  ),
};

/** Routes that show the caller's own private texts. */
export const OWN: readonly string[] = ['directory/getMe'];

/** Commands whose policy lets strangers pass, and whose decision refuses them: nothing may change either. */
export const DECIDED: readonly string[] = [
  'partnerships/declareConflict',
  'pledges/recordDelivery',
  'stewardship/signPlan',
  'directory/issueToken',
];

/** `context/name`, the key of a row. */
export const keyOf = (route: Pick<Route, 'context' | 'name'>): string => `${route.context}/${route.name}`;

/** Rule by route: the policy's label and what it means. Throws where two rules name one route. */
export function rulesByRoute(): ReadonlyMap<string, { readonly label: string; readonly rule: Rule }> {
  const rows = new Map<string, { label: string; rule: Rule }>();
  for (const [label, rule] of Object.entries(RULES)) {
    for (const key of rule.routes.split(/\s+/u).filter(Boolean)) {
      if (rows.has(key)) throw new Error(`expectations.ts: ${key} stands in two rules.`);
      rows.set(key, { label, rule });
    }
  }
  return rows;
}
