import { Refused, type Aggregate, type Subject } from '@concord/kernel';
import type { Decision } from '@concord/platform';
import type { Actor } from './domain/both-sides.js';
import { Fund, type FundState } from './domain/fund.js';

/** The state of a stream that has to exist; `not_found` when it does not. */
export function known<State>(decision: Pick<Decision, 'read'>, aggregate: Aggregate<State>, id: string): State {
  const { state, version } = decision.read(aggregate, id);
  if (version > 0) return state;
  throw new Refused('not_found', `There is no such ${aggregate.kind.toLowerCase()}. Check the id.`, { id });
}

/** Person and organisation behind a request whose policy has asked for both. */
export const actorOf = ({ person, organisation = '' }: Subject): Actor => ({ person, organisation });

/**
 * The fund of a project, for reactions. It is opened by ProposalAccepted, which may still be under way when an event of the
 * project arrives: then this throws, so that the event is tried again and, if the fund never comes, parked in sight.
 */
export function requireFund(decision: Pick<Decision, 'read'>, projectId: string): FundState {
  const { state, version } = decision.read(Fund, projectId);
  if (version === 0) throw new Error(`the fund of project ${projectId} is not open yet`);
  return state;
}
