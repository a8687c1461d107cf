import { ITEM_REASONS, kindOf, type InboxItem, type ItemReason, type ObjectKind, type RoutedEvent } from '@concord/contracts';
import type { DomainEvent, OrganisationRole, PlatformRole } from '@concord/kernel';
import { addItem, type InboxState } from './inbox.js';
import { NOTICES, type Scope } from './notices.js';
import { partiesOf, type Party } from './parties.js';

/** Members of an organisation with any of these roles act for it, so they hear what concerns it. */
export const ACTING_ROLES: readonly OrganisationRole[] = ['approver', 'editor'];

/** More people than this do not hear of one event; those with the weakest reasons (followers) are left out first. */
export const RECIPIENTS_MAX = 1_000;

/** How strong a reason is: 0 is the strongest. One person gets one item an event, with the strongest reason. */
export const rankOf = (reason: ItemReason): number => ITEM_REASONS.indexOf(reason);

/** Whom an event concerns, as questions to the tables of memberships, parties and follows. Every rank is that of a reason. */
export interface Audience {
  readonly about: ObjectKind;
  /** The object itself. */
  readonly objectId: string;
  readonly needId?: string;
  readonly projectId?: string;
  /** Whoever is this party of this object, by the table. */
  readonly parties: readonly { readonly object: string; readonly party: Party; readonly rank: number }[];
  /** Organisations the event itself names: what it says holds even before the tables have learnt it. */
  readonly organisations: readonly {
    readonly organisation: string;
    readonly roles: readonly OrganisationRole[];
    readonly rank: number;
  }[];
  readonly persons: readonly { readonly person: string; readonly rank: number }[];
  readonly platform: readonly { readonly role: PlatformRole; readonly rank: number }[];
  readonly followed: readonly { readonly object: string; readonly rank: number }[];
}

/** Whom an event concerns, or undefined when nobody is to hear of it. */
export function audienceOf(event: RoutedEvent): Audience | undefined {
  const notice = NOTICES.get(kindOf(event.type));
  if (!notice || notice.to.length === 0) return undefined;
  const data = event.data as Readonly<Record<string, unknown>>;
  const own = (...kinds: readonly ObjectKind[]) => (kinds.includes(notice.about) ? event.subject : undefined);
  const named = (field: string) => (typeof data[field] === 'string' ? data[field] : undefined);
  const ids: Readonly<Record<Scope | 'organisation', string | undefined>> = {
    subject: event.subject,
    // A need's intake is a stream of its own and names the need.
    need: named('needId') ?? own('need'),
    // A fund has the id of its project.
    project: own('project', 'fund') ?? named('projectId'),
    pledge: own('pledge') ?? named('pledgeId'),
    organisation: own('organisation') ?? named('organisationId'),
  };
  const learnt = partiesOf(event).gained;
  const audience = { parties: [], organisations: [], persons: [], platform: [], followed: [] } as Lists;
  for (const to of notice.to) {
    const rank = rankOf(to.reason);
    if (to.kind === 'members') audience.organisations.push({ organisation: event.subject, roles: to.roles, rank });
    else if (to.kind === 'person') audience.persons.push({ person: named('personId') ?? event.subject, rank });
    else if (to.kind === 'platform') audience.platform.push({ role: to.role, rank });
    else if (ids[to.of] === undefined) continue;
    else if (to.kind === 'followers') audience.followed.push({ object: ids[to.of]!, rank });
    else {
      audience.parties.push({ object: ids[to.of]!, party: to.party, rank });
      for (const { object, party, holder } of learnt) {
        if (object === ids[to.of] && party === to.party)
          audience.organisations.push({ organisation: holder, roles: ACTING_ROLES, rank });
      }
    }
  }
  return {
    about: notice.about,
    objectId: notice.about === 'need' ? ids.need! : event.subject,
    ...(ids.need !== undefined && { needId: ids.need }),
    ...(ids.project !== undefined && { projectId: ids.project }),
    ...audience,
  };
}

type Lists = { -readonly [K in 'parties' | 'organisations' | 'persons' | 'platform' | 'followed']: Audience[K][number][] };

/** One person an event concerns, the strongest reason, and the organisation through which it does. */
export interface Recipient {
  readonly person: string;
  readonly reason: ItemReason;
  readonly organisation?: string;
}

/** What a notice says, the same for all its recipients. */
export interface NoticeContent {
  readonly objectKind: ObjectKind;
  readonly objectId: string;
  readonly type: string;
  readonly event: string;
  readonly at: string;
  readonly title?: string | undefined;
  readonly needId?: string | undefined;
  readonly projectId?: string | undefined;
  readonly actorOrganisation?: string | undefined;
}

/** Puts a notice into a person's inbox. */
export function notify(inbox: InboxState, { person, reason, organisation }: Recipient, content: NoticeContent): DomainEvent[] {
  const present = Object.fromEntries(Object.entries(content).filter(([, value]) => value !== undefined)) as Omit<
    InboxItem,
    'item' | 'reason'
  >;
  return addItem(inbox, person, { reason, ...present, ...(organisation !== undefined && { forOrganisation: organisation }) });
}
