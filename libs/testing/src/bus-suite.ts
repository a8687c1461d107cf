import { uuidv7, type PublicEvent } from '@concord/platform';
import { BusTrial, Hearing, JarFilled, JarOpened, JarShaken, type MakeBus } from './bus-trial.js';
import { signal } from './signal.js';

const filled = (n: number) => JarFilled({ n, notes: [] });
const upTo = (n: number) => Array.from({ length: n }, (_, index) => index + 1);

/** What any driver of the bus has to do. Run it in a spec of each: `busSuite('in process', (surroundings) => new InProcessBus(…))`. */
export function busSuite(name: string, makeBus: MakeBus): void {
  describe(`the bus ${name}`, () => {
    let trial: BusTrial;
    beforeEach(async () => {
      trial = await BusTrial.open(makeBus);
    });
    afterEach(() => trial.close());
    carries(() => trial);
    filters(() => trial);
    keepsGroupsApart(() => trial);
    triesAgain(() => trial);
    restarts(() => trial);
    settles(() => trial);
  });
}

function carries(trial: () => BusTrial): void {
  it('hands every event to every group, in order for each subject', async () => {
    const [first, second] = [new Hearing('first'), new Hearing('second')];
    const bus = await trial().start(first, second);
    const subjects = await trial().fill(20, 10);
    await bus.settled();
    for (const hearing of [first, second]) for (const subject of subjects) expect(hearing.sequences(subject)).toEqual(upTo(10));
    expect(trial().faults).toEqual([]);
  });

  it('hands over the public form only, and each event names the published one before it', async () => {
    const hearing = new Hearing('first');
    const bus = await trial().start(hearing);
    const subject = uuidv7();
    await trial().append(subject, [JarShaken({}), filled(1), JarShaken({}), JarOpened({ n: 2, by: 'nobody may know' }), filled(3)]);
    await bus.settled();
    const seen = hearing.handled.map(({ type, sequence, previous, data }) => ({ type, sequence, previous, data }));
    expect(seen).toEqual([
      { type: 'concord.larder.JarFilled', sequence: 2, previous: 0, data: { n: 1, notes: [] } },
      { type: 'concord.larder.JarTasted', sequence: 4, previous: 2, data: { n: 2 } },
      { type: 'concord.larder.JarFilled', sequence: 5, previous: 4, data: { n: 3, notes: [] } },
    ]);
    expect(hearing.handled[0]).toMatchObject({ specversion: '1.0', id: `${subject}/2`, source: '/concord/larder', subject });
  });

  it('lets one group follow several contexts', async () => {
    const [larder, cellar] = [new Hearing('both'), new Hearing('both', { from: 'cellar' })];
    const bus = await trial().start(larder, cellar);
    const subject = uuidv7();
    await trial().append(subject, [filled(1)]);
    await trial().append(subject, [filled(2)], 'cellar');
    await bus.settled();
    expect([larder, cellar].map(({ handled }) => handled.map(({ source }) => source))).toEqual([
      ['/concord/larder'],
      ['/concord/cellar'],
    ]);
  });

  it('needs no hint to find what was appended', async () => {
    trial().hints = false;
    const hearing = new Hearing('first');
    const handled = signal();
    hearing.meanwhile = handled.give;
    await trial().start(hearing);
    await trial().append(uuidv7(), [filled(1)]);
    await handled.given;
  });
}

function filters(trial: () => BusTrial): void {
  it('hands a group only the kinds it wants, still in order, whatever they are stored as', async () => {
    const [fillings, tastings, both] = [
      new Hearing('fillings', { kinds: ['JarFilled'] }),
      new Hearing('tastings', { kinds: ['JarTasted'] }),
      new Hearing('both', { kinds: ['JarTasted', 'JarFilled'] }),
    ];
    const bus = await trial().start(fillings, tastings, both);
    const subjects = [uuidv7(), uuidv7(), uuidv7()];
    for (const subject of subjects)
      for (const n of upTo(4)) await trial().append(subject, [filled(n), JarShaken({}), JarOpened({ n, by: 'b' })]);
    await bus.settled();
    for (const subject of subjects) {
      expect(fillings.sequences(subject)).toEqual([1, 4, 7, 10]);
      expect(tastings.sequences(subject)).toEqual([3, 6, 9, 12]);
      expect(both.sequences(subject)).toEqual([1, 3, 4, 6, 7, 9, 10, 12]);
    }
    expect(new Set(tastings.handled.map(({ type }) => type))).toEqual(new Set(['concord.larder.JarTasted']));
  });
}

function keepsGroupsApart(trial: () => BusTrial): void {
  it('hands each group its own copy, and a fresh one when it tries again', async () => {
    const spoil = (events: readonly PublicEvent[]) => {
      for (const { data } of events) Object.assign(data as { notes: string[] }, { n: -1 }).notes.push('spoilt');
    };
    const [rude, later] = [new Hearing('a-rude'), new Hearing('b-later')];
    let tries = 0;
    rude.meanwhile = (events) => {
      spoil(events);
      tries += 1;
      if (tries === 1) throw new Error('after spoiling its copy');
    };
    const bus = await trial().start(rude, later);
    const subject = uuidv7();
    await trial().append(subject, [JarFilled({ n: 1, notes: ['whole'] })]);
    await bus.settled();
    for (const { handled } of [rude, later]) expect(handled.map(({ data }) => data)).toEqual([{ n: 1, notes: ['whole'] }]);
    expect(tries).toBe(2);
  });

  it('goes on for others while the listener of one group fails', async () => {
    const [failing, sound] = [new Hearing('failing'), new Hearing('sound')];
    const fixed = signal();
    let broken = true;
    failing.meanwhile = () => {
      if (broken) throw new Error('still broken');
    };
    sound.meanwhile = (events) => {
      if (sound.handled.length + events.length >= 9) fixed.give();
    };
    const bus = await trial().start(failing, sound);
    const [subject = ''] = await trial().fill(1, 9);
    await fixed.given;
    expect(failing.handled).toEqual([]);
    expect(bus.ageMs()).toBeGreaterThan(0);
    broken = false;
    do await bus.settled();
    while (bus.ageMs() > 0);
    expect(failing.sequences(subject)).toEqual(upTo(9));
  });
}

function triesAgain(trial: () => BusTrial): void {
  it('hands the same events over again when a listener throws, before any later ones', async () => {
    const hearing = new Hearing('first');
    const offered: string[] = [];
    let faults = 3;
    hearing.meanwhile = (events) => {
      offered.push(events[0]!.id);
      if (faults > 0) throw new Error(`fault ${faults--}`);
    };
    const bus = await trial().start(hearing);
    const [subject = ''] = await trial().fill(1, 6);
    await bus.settled();
    expect(offered.slice(0, 4)).toEqual(Array.from({ length: 4 }, () => `${subject}/1`));
    expect(hearing.sequences(subject)).toEqual(upTo(6));
    expect(trial().faults.map((fault) => (fault as Error).message)).toEqual(['fault 3', 'fault 2', 'fault 1']);
  });
}

function restarts(trial: () => BusTrial): void {
  it('starts a new group from the beginning, and lets a known one go on after what it handled', async () => {
    const first = await trial().start(new Hearing('old'));
    await trial().fill(2, 5);
    await first.settled();
    await trial().stop();
    const [old, fresh] = [new Hearing('old'), new Hearing('new')];
    const [subject = ''] = await trial().fill(1, 3);
    const bus = await trial().start(old, fresh);
    await bus.settled();
    expect(old.handled.map(({ id }) => id)).toEqual(upTo(3).map((n) => `${subject}/${n}`));
    expect(fresh.handled).toHaveLength(13);
  });

  it('finishes what is under way when it stops, and loses nothing that was appended meanwhile', async () => {
    const [before, after] = [new Hearing('same'), new Hearing('same')];
    const [begun, finish] = [signal(), signal()];
    before.meanwhile = () => {
      begun.give();
      return finish.given;
    };
    await trial().start(before);
    const subject = uuidv7();
    await trial().append(subject, [filled(1), filled(2)]);
    await begun.given;
    const stopped = trial().stop();
    await trial().append(subject, [filled(3), filled(4)]);
    expect(before.handled).toEqual([]);
    finish.give();
    await stopped;
    expect(before.sequences(subject)[0]).toBe(1);

    await trial().append(subject, [filled(5)]);
    const bus = await trial().start(after);
    await bus.settled();
    expect([...before.sequences(subject), ...after.sequences(subject)]).toEqual(upTo(5));
  });
}

function settles(trial: () => BusTrial): void {
  it('is settled only when everything published before has been handled', async () => {
    const hearing = new Hearing('first');
    const [begun, finish] = [signal(), signal()];
    hearing.meanwhile = () => {
      begun.give();
      return finish.given;
    };
    const bus = await trial().start(hearing);
    await bus.settled();
    await trial().append(uuidv7(), [filled(1)]);
    let settled = false;
    const settling = bus.settled().then(() => (settled = true));
    await begun.given;
    expect(settled).toBe(false);
    finish.give();
    await settling;
    expect(hearing.handled).toHaveLength(1);
  });

  it('lets one wait for a single group, and gives up on one that hangs', async () => {
    const [quick, stuck] = [new Hearing('quick'), new Hearing('stuck')];
    const [begun, finish] = [signal(), signal()];
    stuck.meanwhile = () => {
      begun.give();
      return finish.given;
    };
    const bus = await trial().start(quick, stuck);
    const [subject = ''] = await trial().fill(1, 3);
    await begun.given;
    await bus.caughtUp('quick', 'larder');
    expect(quick.sequences(subject)).toEqual([1, 2, 3]);
    await bus.caughtUp('stuck', 'larder');
    expect(stuck.handled).toEqual([]);
    finish.give();
    await bus.settled();
    expect(stuck.sequences(subject)).toEqual([1, 2, 3]);
  });
}
