/** A short break needs no words: a token that is renewed looks like one. */
const UPDATING_AFTER_MS = 1_500;
const LOST_AFTER_MS = 8_000;

type Status = 'connected' | 'disconnected' | 'refused';

/** Says on the page that live updates are behind ("updating"), then that they are lost and since when. */
export class ConnectionState {
  private timers: ReturnType<typeof setTimeout>[] = [];
  private broken = false;

  constructor(
    private readonly page: ParentNode,
    private readonly onBack: () => void,
  ) {}

  /** Takes what the connection says of itself. */
  changed(status: Status): void {
    if (status === 'connected') {
      this.stop();
      this.show(undefined);
      if (this.broken) this.onBack();
      this.broken = false;
      return;
    }
    if (this.broken) return;
    this.broken = true;
    const since = new Date();
    this.timers = [
      setTimeout(() => this.show('updating'), UPDATING_AFTER_MS),
      setTimeout(() => {
        this.since(since);
        this.show('lost');
      }, LOST_AFTER_MS),
    ];
  }

  private stop(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers = [];
  }

  private since(at: Date): void {
    const element = this.page.querySelector('time[data-live-since]');
    if (!element) return;
    element.setAttribute('datetime', at.toISOString());
    element.textContent = `${at.toISOString().slice(11, 16)} UTC`;
  }

  private show(state: 'updating' | 'lost' | undefined): void {
    for (const element of this.page.querySelectorAll<HTMLElement>('[data-live-state]'))
      element.hidden = element.dataset['liveState'] !== state;
  }
}
