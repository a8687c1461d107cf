import { signedIn } from '@concord/access';
import type { Policy } from '@concord/kernel';

/** The person whose inbox or follow it is; for everyone else it is not there. */
export const thatPerson = <Owned extends { readonly person?: string }>(): Policy<Owned> => ({
  label: 'the person it belongs to',
  permits: (subject, object) => subject !== undefined && object.person === subject.person,
});

/** Anyone signed in, about the own inbox and follows only. */
export const forOneself = signedIn;
