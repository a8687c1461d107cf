import { kindOf, type CloudEvent } from '@concord/contracts';
import type { Caller } from './connection.js';

/** Revocations remembered beside the tables, which may learn of them a moment later. */
const REMEMBERED_MAX = 10_000;

/** What an event of the access feed means for the readers of one person. */
export interface AccessChange {
  readonly person: string;
  /** The organisation whose room they lose. */
  readonly leaves?: string;
  /** Connections of these sessions or API tokens end. */
  readonly ended: ReadonlySet<string>;
}

/** Set of bounded size that forgets its oldest member first. */
class Remembered {
  private readonly members = new Set<string>();

  has(member: string): boolean {
    return this.members.has(member);
  }

  add(member: string): void {
    this.members.delete(member);
    this.members.add(member);
    if (this.members.size > REMEMBERED_MAX) this.members.delete(this.members.values().next().value!);
  }

  delete(member: string): void {
    this.members.delete(member);
  }
}

/**
 * Who may be in which room. `need`, `project` and `public` carry only what is public, so everybody may, whether the object exists
 * or not; an organisation's room is for its members, a person's for that person.
 */
export class Access {
  private readonly revoked = new Remembered();
  private readonly over = new Remembered();

  constructor(private readonly isMember: (person: string, organisation: string) => Promise<boolean>) {}

  /** Whether a reader may enter a room now. */
  async mayJoin(caller: Caller | undefined, room: string): Promise<boolean> {
    const [kind, id] = room.split(':') as [string, string | undefined];
    if (kind !== 'organisation' && kind !== 'person') return true;
    if (!caller || id === undefined || this.isOver(caller)) return false;
    const { person, scopes, organisation } = caller.subject;
    if (kind === 'person') return id === person;
    // An API token acts for one organisation, whatever else its owner belongs to.
    if (scopes !== undefined && organisation !== id) return false;
    if (this.revoked.has(`${person}/${id}`)) return false;
    return this.isMember(person, id);
  }

  /** Whether the session or the API token was ended, expiry apart. */
  isOver(caller: Caller): boolean {
    return this.over.has(caller.digest) || (caller.session !== undefined && this.over.has(caller.session));
  }

  /** Takes in an event that changes rights; says what it means for connections. */
  changed(event: CloudEvent): AccessChange {
    const data = event.data as { personId?: string; sessionIds?: readonly string[]; digest?: string };
    const ended = new Set<string>();
    switch (kindOf(event.type)) {
      case 'MembershipGranted':
        this.revoked.delete(`${data.personId}/${event.subject}`);
        return { person: data.personId!, ended };
      case 'MembershipRevoked':
        this.revoked.add(`${data.personId}/${event.subject}`);
        return { person: data.personId!, leaves: event.subject, ended };
      case 'SessionsEnded':
        for (const session of data.sessionIds ?? []) ended.add(session);
        break;
      case 'ApiTokenRevoked':
        ended.add(data.digest!);
        break;
      default:
    }
    for (const id of ended) this.over.add(id);
    return { person: event.subject, ended };
  }
}
