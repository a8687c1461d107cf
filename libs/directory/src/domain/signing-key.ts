import { SigningKeyPublished, SigningKeyRetired } from '@concord/contracts';
import { defineAggregate, type DomainEvent } from '@concord/kernel';

/** A key that signs access tokens: its public half is an event, its private half a row that no event names. */
export interface SigningKeyState {
  readonly kid: string;
  readonly retired: boolean;
}

/** One signing key from publication to retirement. */
export const SigningKey = defineAggregate({
  kind: 'signing-key',
  initial: { kid: '', retired: false } as SigningKeyState,
  events: [SigningKeyPublished, SigningKeyRetired],
  evolve: {
    SigningKeyPublished: (state, { kid }) => ({ ...state, kid }),
    SigningKeyRetired: (state) => ({ ...state, retired: true }),
  },
});

/** Retires a published key, once. */
export function retireSigningKey(key: SigningKeyState): DomainEvent[] {
  return key.kid === '' || key.retired ? [] : [SigningKeyRetired({ kid: key.kid })];
}
