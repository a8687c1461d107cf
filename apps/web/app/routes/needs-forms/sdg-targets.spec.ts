import { SdgTarget } from '@concord/contracts';
import { TARGETS } from './sdg-targets.js';

it('offers the 169 targets of the 17 goals, each as the API takes it', () => {
  const all = TARGETS.flatMap(({ targets }) => targets);
  expect([TARGETS.length, all.length, new Set(all).size]).toEqual([17, 169, 169]);
  expect(all.filter((target) => !SdgTarget.safeParse(target).success)).toEqual([]);
  expect(TARGETS[3]?.targets).toEqual(['4.1', '4.2', '4.3', '4.4', '4.5', '4.6', '4.7', '4.a', '4.b', '4.c']);
  expect(SdgTarget.safeParse('4.z').success).toBe(false);
});
