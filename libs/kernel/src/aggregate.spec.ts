import { z } from 'zod';
import { defineAggregate, type EventMeta } from './aggregate.js';
import { defineEvent } from './event.js';

const NeedDrafted = defineEvent('NeedDrafted', z.strictObject({ title: z.string() }));
const NeedPublished = defineEvent('NeedPublished', z.strictObject({}));

const Need = defineAggregate({
  kind: 'need',
  initial: { title: '', publishedAt: '' },
  events: [NeedDrafted, NeedPublished],
  evolve: {
    NeedDrafted: (state, data) => ({ ...state, title: data.title }),
    NeedPublished: (state, _data, meta) => ({ ...state, publishedAt: meta.at }),
  },
});

const meta: EventMeta = { at: '2026-01-02T03:04:05.000Z' };

describe('defineAggregate', () => {
  it('folds events into a state and gives each step its meta', () => {
    const events = [NeedDrafted({ title: 'Solar pumps' }), NeedPublished({})];
    const state = events.reduce((folded, event) => Need.evolve(folded, event, meta), Need.initial);
    expect(state).toEqual({ title: 'Solar pumps', publishedAt: meta.at });
  });

  it('leaves the state it was given alone', () => {
    const before = Object.freeze({ ...Need.initial });
    Need.evolve(before, NeedDrafted({ title: 'Solar pumps' }), meta);
    expect(before).toEqual(Need.initial);
  });

  it('finds its definitions by kind', () => {
    expect(Need.events.get('NeedPublished')).toBe(NeedPublished);
    expect([...Need.events.keys()]).toEqual(['NeedDrafted', 'NeedPublished']);
  });

  it.each(['NeedBurned', 'toString', '__proto__', 'constructor'])('throws on the unknown kind %s', (kind) => {
    expect(() => Need.evolve(Need.initial, { kind, data: {} }, meta)).toThrow(`need does not know the event ${kind}`);
  });
});
