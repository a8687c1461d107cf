import { InboxChanged } from '@concord/contracts';
import type { DomainEvent } from '@concord/kernel';
import { readdirSync, readFileSync } from 'node:fs';
import { Follow } from './domain/follow.js';
import { Inbox } from './domain/inbox.js';
import { published } from './published.js';

const folder = new URL('../history/', import.meta.url);
const golden = (kind: string, version: number): DomainEvent => ({
  kind,
  data: JSON.parse(readFileSync(new URL(`${kind}.v${version}.json`, folder), 'utf8')) as unknown,
});
const definitions = [...Inbox.events.values(), ...Follow.events.values()];

describe('private events', () => {
  it('have a golden payload of every version, and none too many', () => {
    const expected = definitions.flatMap(({ kind, version }) =>
      Array.from({ length: version }, (_, n) => `${kind}.v${n + 1}.json`),
    );
    expect(readdirSync(folder).sort()).toEqual(expected.sort());
  });

  it.each(definitions.map((definition) => [definition.kind, definition] as const))(
    '%s is read as it was written',
    (kind, definition) => {
      for (let version = 1; version <= definition.version; version += 1) definition.parse(golden(kind, version).data, version);
      expect(definition.parse(golden(kind, definition.version).data, definition.version)).toEqual(
        golden(kind, definition.version).data,
      );
    },
  );

  it('become the absolute unread count, with the item that is new', () => {
    const added = golden('ItemAdded', 1);
    const { item } = added.data as { item: never };
    expect(published(added)).toEqual(InboxChanged({ unread: 3, item }));
    expect(published(golden('ItemsRead', 1))).toEqual(InboxChanged({ unread: 1 }));
    expect(published(golden('ItemsUnread', 1))).toEqual(InboxChanged({ unread: 2 }));
    expect(published(golden('ItemsDone', 1))).toEqual(InboxChanged({ unread: 0 }));
    for (const kind of ['ItemAdded', 'ItemsRead']) InboxChanged.parse(published(golden(kind, 1))!.data, 1);
  });

  it('keep to themselves whom a person follows', () => {
    expect(published(golden('FollowStarted', 1))).toBeUndefined();
    expect(published(golden('FollowEnded', 1))).toBeUndefined();
  });
});
