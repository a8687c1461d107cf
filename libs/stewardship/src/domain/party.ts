import { defineAggregate, defineEvent, STANDINGS, z, type Standing } from '@concord/kernel';

/** What an organisation is called; from the directory. */
export const PartyNamed = defineEvent('PartyNamed', z.strictObject({ name: z.string().max(300) }));

/** Where an organisation stands with the registrars; from the directory. */
export const PartyStandingChanged = defineEvent('PartyStandingChanged', z.strictObject({ standing: z.enum(STANDINGS) }));

/** An organisation as stewardship needs to know it. Stream: the organisation's id. */
export interface PartyState {
  readonly name?: string;
  readonly standing: Standing;
}

/** Replica of an organisation's name and standing, so that a start can be refused without asking the directory (R20, R33). */
export const Party = defineAggregate<PartyState, [typeof PartyNamed, typeof PartyStandingChanged]>({
  kind: 'Party',
  initial: { standing: 'unverified' },
  events: [PartyNamed, PartyStandingChanged],
  evolve: {
    PartyNamed: (state, { name }) => ({ ...state, name }),
    PartyStandingChanged: (state, { standing }) => ({ ...state, standing }),
  },
});
