import { Bus, type Subscription } from '@concord/platform';

/** A bus that carries nothing by itself: a spec hands events to its subscriptions, in whatever order it likes. */
export class HandBus extends Bus {
  readonly subscriptions: Subscription[] = [];

  subscribe(subscription: Subscription): void {
    this.subscriptions.push(subscription);
  }

  async start(): Promise<void> {}
  async stop(): Promise<void> {}
  async settled(): Promise<void> {}
  async caughtUp(): Promise<void> {}
  wake(): void {}
  ageMs(): number {
    return 0;
  }
}
