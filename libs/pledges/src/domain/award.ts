import { Id, defineAggregate, defineEvent, type DomainEvent, z } from '@concord/kernel';

/** A need was published; its lines are known here from now on. */
export const AwardOpened = defineEvent('AwardOpened', z.strictObject({ ownerId: Id, lineIds: z.array(Id).max(100) }));
/** The need was amended: these are its lines now, closed ones included. */
export const AwardLinesChanged = defineEvent('AwardLinesChanged', z.strictObject({ lineIds: z.array(Id).max(100) }));
/** A proposal was accepted: its lead receives what goes to the lead. */
export const AwardMade = defineEvent('AwardMade', z.strictObject({ ownerId: Id, leadId: Id, projectId: Id }));
/** The award can no longer be appealed: pledges may be confirmed (R9). */
export const AwardFinalised = defineEvent('AwardFinalised', z.strictObject({ leadId: Id, projectId: Id }));

/** What this context knows of a need (stream = need): its lines, and who has the award. Kept as a stream so that decisions can read it. */
export interface AwardState {
  readonly ownerId: string;
  readonly lineIds: readonly string[];
  readonly leadId?: string;
  readonly projectId?: string;
  readonly final: boolean;
}

const EVENTS = [AwardOpened, AwardLinesChanged, AwardMade, AwardFinalised] as const;

export const Award = defineAggregate<AwardState, typeof EVENTS>({
  kind: 'Award',
  initial: { ownerId: '', lineIds: [], final: false },
  events: EVENTS,
  evolve: {
    AwardOpened: (state, data) => ({ ...state, ...data }),
    AwardLinesChanged: (state, { lineIds }) => ({ ...state, lineIds }),
    AwardMade: (state, data) => ({ ...state, ...data }),
    AwardFinalised: (state, data) => ({ ...state, ...data, final: true }),
  },
});

/** Knows the lines of an amended need; never forgets one, because what was pledged on it remains. */
export function changeLines(award: AwardState, lineIds: readonly string[]): DomainEvent[] {
  const added = lineIds.filter((id) => !award.lineIds.includes(id));
  return added.length === 0 ? [] : [AwardLinesChanged({ lineIds: [...award.lineIds, ...added] })];
}

/** The organisation that receives from a line: the owner, or the lead once there is one. */
export const recipientIn = (award: AwardState, recipient: 'lead' | 'owner'): string | undefined =>
  recipient === 'owner' ? award.ownerId || undefined : award.leadId;
