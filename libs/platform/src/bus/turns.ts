/** Lets work on the same key run one after the other, in the order it came; work on other keys runs beside it. */
export class Turns {
  private readonly last = new Map<string, Promise<unknown>>();

  /** Runs `work` after all earlier work on the key has ended, well or not. Resolves or throws as `work` does. */
  async take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.last.get(key);
    const turn = (async () => {
      await before?.catch(() => undefined);
      return work();
    })();
    this.last.set(key, turn);
    try {
      return await turn;
    } finally {
      if (this.last.get(key) === turn) this.last.delete(key);
    }
  }
}
