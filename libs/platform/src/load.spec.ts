import { Load } from './load.js';

/** A load whose time stands still until it is moved. */
function still() {
  let ms = 0;
  const load = new Load(() => ms);
  const visit = (times: number, everyMs: number) => {
    for (let n = 0; n < times; n += 1) {
      load.enter();
      load.leave();
      ms += everyMs;
    }
  };
  return { load, visit, pass: (more: number) => (ms += more) };
}

it('is not busy at rest', () => expect(new Load().busy).toBe(false));

it('is busy with sixteen requests under way for a tenth of a second, and no longer', () => {
  const { load, pass } = still();
  for (let n = 0; n < 15; n += 1) load.enter();
  pass(1_000);
  expect(load.busy).toBe(false);
  load.enter();
  pass(99);
  expect(load.busy).toBe(false);
  pass(1);
  expect(load.busy).toBe(true);
  load.leave();
  expect(load.busy).toBe(false);
  load.enter();
  pass(99);
  expect(load.busy).toBe(false);
});

it('is not busy with what a stop of a tenth of a second piled up', () => {
  const { load, visit, pass } = still();
  visit(200, 5);
  for (let n = 0; n < 20; n += 1) load.enter();
  pass(90);
  for (let n = 0; n < 20; n += 1) load.leave();
  visit(100, 5);
  expect(load.busy).toBe(false);
});

it('is busy with one caller who asks without a pause, and not with one who asks two hundred times a second', () => {
  const quick = still();
  quick.visit(500, 1);
  expect(quick.load.busy).toBe(true);
  const steady = still();
  steady.visit(500, 5);
  expect(steady.load.busy).toBe(false);
});

it('is at rest soon after the last request', () => {
  const { load, visit, pass } = still();
  visit(500, 1);
  pass(500);
  // What came in the window that ended now still counts; the next one is empty.
  void load.busy;
  pass(500);
  expect(load.busy).toBe(false);
});
