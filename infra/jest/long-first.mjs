// The order of specs: those that drive a browser or a cluster begin first, the whole story before all. Jest begins with the largest files
// when it has no times of an earlier run, and some of the longest specs are small files: they would come last and be waited for alone.
const KINDS = ['e2e', 'int', 'unit'];
const LONGEST = /\/(?:spine[^/]*|every-route|distributed)\.e2e\.spec\.ts$/u;

const rank = ({ path, context }) => (LONGEST.test(path) ? -1 : KINDS.indexOf(context.config.displayName?.name ?? 'unit'));

/** What Jest asks of a sequencer; times of earlier runs are not kept, so that every machine has the same order. */
export default class LongFirst {
  sort(tests) {
    return [...tests].sort((a, b) => rank(a) - rank(b) || (a.path < b.path ? -1 : 1));
  }

  shard(tests) {
    return tests;
  }

  allFailedTests(tests) {
    return tests;
  }

  cacheResults() {}
}
