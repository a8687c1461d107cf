// The places of the write path where a span begins and ends. This file imports nothing of OpenTelemetry: while tracing is off, a
// hook is one look at a variable, and the SDK is never loaded (start-tracing.ts loads it).

/** Values a span may carry. Never personal data: a span leaves the process. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** A span under way. */
export interface OpenSpan {
  /** W3C traceparent of this span: what follows from it names it as its parent. */
  readonly traceparent: string;
  end(attributes?: SpanAttributes, failed?: boolean): void;
}

/** Side of a span: who asked (`server`, `consumer`), who sends on (`producer`), or work inside. */
export type SpanSide = 'server' | 'producer' | 'consumer' | 'internal';

/** Makes spans; `parent` is a W3C traceparent, and without one the span begins a trace. */
export interface SpanMaker {
  start(side: SpanSide, name: string, parent: string | undefined, attributes: SpanAttributes): OpenSpan;
}

/** What a hook needs to know of an event. */
export interface TracedEvent {
  readonly type: string;
  readonly id: string;
  readonly traceparent?: string;
}

let maker: SpanMaker | undefined;

/** Switches the hooks on, or off again with undefined. Returns the maker that was in use before. */
export function traceWith(next: SpanMaker | undefined): SpanMaker | undefined {
  const before = maker;
  maker = next;
  return before;
}

/** Whether spans are made: a caller that must parse something to give a hook its arguments asks first. */
export const isTracing = (): boolean => maker !== undefined;

/** An HTTP request. Its traceparent goes into the events it leads to; undefined while tracing is off. */
export const requestSpan = (method: string, route: string, path: string, parent: string | undefined): OpenSpan | undefined =>
  maker?.start('server', `${method} ${path}`, parent, {
    'http.request.method': method,
    'http.route': path,
    'concord.route': route,
  });

const nothing = (): void => undefined;

/** A unit of work, as far as its spans depend on it. */
interface TracedWork {
  readonly work: { readonly trace: { readonly traceparent?: string } };
}

/** Commands decided and appended in one statement: one span in each trace that has a part in it. Returns how to end them. */
export function appendSpans(batch: readonly TracedWork[]): (failed?: boolean) => void {
  if (!maker) return nothing;
  const started = maker;
  const attributes = { 'concord.batch.size': batch.length };
  const spans = batch.flatMap(({ work: { trace } }) =>
    trace.traceparent === undefined ? [] : [started.start('internal', 'decide and append', trace.traceparent, attributes)],
  );
  return (failed) => {
    for (const span of spans) span.end({}, failed);
  };
}

/** Public events on their way from the log of a context to a listener or a broker. Returns how to end the spans. */
export function publishSpans(from: string, to: string, events: readonly TracedEvent[]): (failed?: boolean) => void {
  if (!maker) return nothing;
  const started = maker;
  const spans = events.flatMap(({ traceparent, type, id }) =>
    traceparent === undefined
      ? []
      : [
          started.start('producer', `publish ${from}`, traceparent, {
            'messaging.destination.name': `concord.${from}`,
            'messaging.message.id': id,
            'concord.event.type': type,
            'concord.listener': to,
            'concord.batch.size': events.length,
          }),
        ],
  );
  return (failed) => {
    for (const span of spans) span.end({}, failed);
  };
}

/** A listener's work on one event. Its traceparent goes into the events that follow; undefined while tracing is off or the event has no trace. */
export const reactionSpan = (listener: string, { traceparent, type, id }: TracedEvent): OpenSpan | undefined =>
  traceparent === undefined
    ? undefined
    : maker?.start('consumer', `react ${listener}`, traceparent, { 'messaging.message.id': id, 'concord.event.type': type });

/** An event that was written to the sockets of a room here. `body` is the event's JSON text. */
export function roomSpan(room: string, offset: number, members: number, body: string): void {
  if (!maker) return;
  const { traceparent, type, id } = JSON.parse(body) as TracedEvent;
  if (traceparent === undefined) return;
  // The kind of room only: the rest of its name is the id of an object or a person.
  maker
    .start('producer', `deliver ${room.split(':', 1)[0]!}`, traceparent, {
      'messaging.message.id': id,
      'concord.event.type': type,
      'concord.room.offset': offset,
      'concord.room.members': members,
    })
    .end();
}
