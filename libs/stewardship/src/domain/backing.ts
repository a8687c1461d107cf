import { assert, defineAggregate, defineEvent, Id, z } from '@concord/kernel';

/** The project that answers the need. */
export const BackingBound = defineEvent('BackingBound', z.strictObject({ projectId: Id }));

/** An organisation has one live pledge more. */
export const BackerAdded = defineEvent('BackerAdded', z.strictObject({ organisationId: Id, funding: z.boolean() }));

/** An organisation has one live pledge less: withdrawn, declined or lapsed. */
export const BackerRemoved = defineEvent('BackerRemoved', z.strictObject({ organisationId: Id, funding: z.boolean() }));

/** The minimum of a line is confirmed. */
export const MinimumConfirmed = defineEvent('MinimumConfirmed', z.strictObject({ lineId: Id }));

/** The award of the need is final. */
export const AwardConfirmed = defineEvent('AwardConfirmed', z.strictObject({ projectId: Id }));

/** Live pledges of one organisation. Counts, not ids: the state stays small however many pledges a need gets. */
export interface Backer {
  readonly funding: number;
  readonly other: number;
}

/** What backs a need, as far as its project has to know. Stream: the need's id. */
export interface BackingState {
  readonly projectId?: string;
  /** By organisation; without live pledges it is not here. */
  readonly backers: Readonly<Record<string, Backer>>;
  readonly minimums: readonly string[];
  readonly awardedTo?: string;
}

const EVENTS = [BackingBound, BackerAdded, BackerRemoved, MinimumConfirmed, AwardConfirmed] as const;

const NONE: Backer = { funding: 0, other: 0 };

function counted(state: BackingState, organisationId: string, funding: boolean, change: 1 | -1): BackingState {
  const before = state.backers[organisationId] ?? NONE;
  const after = funding ? { ...before, funding: before.funding + change } : { ...before, other: before.other + change };
  assert(after.funding >= 0 && after.other >= 0, 'no organisation has fewer than no live pledges');
  const { [organisationId]: _before, ...others } = state.backers;
  return { ...state, backers: after.funding + after.other === 0 ? others : { ...others, [organisationId]: after } };
}

/**
 * Pledges, confirmed minimums and the final award of one need, counted from events of pledges and partnerships. They may arrive
 * before the project opens, which is why they are not part of the project.
 */
export const Backing = defineAggregate<BackingState, typeof EVENTS>({
  kind: 'Backing',
  initial: { backers: {}, minimums: [] },
  events: EVENTS,
  evolve: {
    BackingBound: (state, { projectId }) => ({ ...state, projectId }),
    BackerAdded: (state, { organisationId, funding }) => counted(state, organisationId, funding, 1),
    BackerRemoved: (state, { organisationId, funding }) => counted(state, organisationId, funding, -1),
    MinimumConfirmed: (state, { lineId }) =>
      state.minimums.includes(lineId) ? state : { ...state, minimums: [...state.minimums, lineId] },
    AwardConfirmed: (state, { projectId }) => ({ ...state, awardedTo: projectId }),
  },
});

/** Organisations with a live funding pledge: they sign the plan. In a fixed order. */
export const fundersOf = (backing: BackingState): string[] =>
  Object.entries(backing.backers)
    .filter(([, backer]) => backer.funding > 0)
    .map(([organisationId]) => organisationId)
    .sort();

/** Whether an organisation has a live pledge of any kind (R37). */
export const isBacker = (backing: BackingState, organisationId: string): boolean => Object.hasOwn(backing.backers, organisationId);
