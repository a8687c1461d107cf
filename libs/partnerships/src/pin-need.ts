import { NeedStepInput } from '@concord/contracts';
import type { DomainEvent } from '@concord/kernel';
import { defineCommand, type ObjectDecision } from '@concord/platform';
import { derivedId } from './domain/derived-id.js';
import type { NeedState } from './domain/need.js';
import { Pinboard, pinNeed as decidePin, unpinNeed as decideUnpin, type PinboardState } from './domain/pinboard.js';
import { needs } from './needs.js';
import { mayPin } from './policy.js';

type Step = (board: PinboardState, needId: string) => DomainEvent[];

/** Runs a step on the acting organisation's pinboard; the need itself does not change. */
const onBoard = (step: Step) => (decision: ObjectDecision<NeedState, unknown>) => {
  const board = derivedId('pinboard', decision.subject.organisation ?? '');
  const events = step(decision.read(Pinboard, board).state, decision.id);
  if (events.length > 0) decision.append(Pinboard, board, ...events);
};

/** POST /needs/{id}/pin */
export const pinNeed = defineCommand({
  name: 'pinNeed',
  summary: 'Puts the need on the acting organisation’s own shortlist, which nobody else sees',
  on: needs,
  verb: 'pin',
  input: NeedStepInput,
  allows: mayPin,
  decide: onBoard(decidePin),
});

/** POST /needs/{id}/unpin */
export const unpinNeed = defineCommand({
  name: 'unpinNeed',
  summary: 'Takes the need off the acting organisation’s own shortlist',
  on: needs,
  verb: 'unpin',
  input: NeedStepInput,
  allows: mayPin,
  decide: onBoard(decideUnpin),
});
