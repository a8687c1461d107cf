import { Currency, Id, Quantity, Refused, defineAggregate, defineEvent, z } from '@concord/kernel';

/** One expenditure of a fund was entered. */
export const ExpenditureEntered = defineEvent(
  'ExpenditureEntered',
  z.strictObject({ fundId: Id, currency: Currency, quantity: Quantity }),
);
/** It was voided. */
export const ExpenditureStruck = defineEvent('ExpenditureStruck', z.strictObject({}));

/** One expenditure (stream = expenditure): kept apart, so that a fund's state does not grow with what it spends. */
export interface ExpenditureState {
  readonly fundId: string;
  readonly currency: string;
  readonly quantity: number;
  readonly voided: boolean;
}

const EVENTS = [ExpenditureEntered, ExpenditureStruck] as const;

export const Expenditure = defineAggregate<ExpenditureState, typeof EVENTS>({
  kind: 'Expenditure',
  initial: { fundId: '', currency: '', quantity: 0, voided: false },
  events: EVENTS,
  evolve: {
    ExpenditureEntered: (state, data) => ({ ...state, ...data }),
    ExpenditureStruck: (state) => ({ ...state, voided: true }),
  },
});

/** Refuses to void what is not of this fund (`not_found`), or was voided before (`wrong_state`). */
export function requireVoidable(expenditure: ExpenditureState, fundId: string): void {
  if (expenditure.fundId !== fundId) throw new Refused('not_found', 'This fund has no such expenditure.', {});
  if (expenditure.voided) throw new Refused('wrong_state', 'This expenditure is voided already.', { state: 'voided' });
}
