import DataLoader from 'dataloader';

/**
 * Lets calls of one turn of the event loop share one run over all their items: partitions that came with one fetch then cost one
 * statement and not one each. When the shared run fails, each call runs by itself, so that none fails for another's items.
 */
export function together<Item>(run: (items: readonly Item[]) => Promise<void>): (items: readonly Item[]) => Promise<void> {
  const alone = (items: readonly Item[]): Promise<Error | undefined> =>
    run(items).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
    );
  const loader = new DataLoader<readonly Item[], Error | undefined>(
    async (calls) => {
      const shared = await alone(calls.flat());
      if (!shared || calls.length === 1) return calls.map(() => shared);
      return Promise.all(calls.map(alone));
    },
    { cache: false, batchScheduleFn: setImmediate },
  );
  return async (items) => {
    if (items.length > 0) await loader.load(items);
  };
}
