import { z } from 'zod';
import { traceWith, type SpanAttributes, type SpanMaker, type SpanSide } from './tracing.js';

/** Settings of a process that may trace; spread into the shape of its configuration. */
export const tracingSettings = {
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/u })
    .optional()
    .meta({ description: 'Where spans go, as OTLP over HTTP, for example http://localhost:4318; without it nothing is traced' }),
} as const;

/** Spans that wait for the collector; beyond that the newest are dropped, so that a collector that is away costs no memory. */
const QUEUE_MAX = 2_048;
const STOP_MS_MAX = 3_000;
/** At most this many attributes and characters of one: a span describes, it does not store. */
const ATTRIBUTES_MAX = 32;
const ATTRIBUTE_CHARACTERS_MAX = 512;

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/u;

/** Tracing that runs. */
export interface Tracing {
  /** Sends what waits. */
  flush(): Promise<void>;
  /** Sends what waits, for three seconds at most, and switches the hooks off. */
  stop(): Promise<void>;
}

/** What is traced, and where to. */
export interface TracingOptions {
  /** Name of the process, for example `pledges`. */
  readonly service: string;
  readonly version: string;
  /** OTLP over HTTP, without `/v1/traces`. Absent: nothing is loaded and nothing is traced. */
  readonly endpoint: string | undefined;
}

/**
 * Starts tracing when there is somewhere to send spans to. The share of traces that is kept is OpenTelemetry's own setting
 * (`OTEL_TRACES_SAMPLER`, `OTEL_TRACES_SAMPLER_ARG`); by default every one, or as the caller's traceparent says.
 */
export async function startTracing({ service, version, endpoint }: TracingOptions): Promise<Tracing> {
  if (endpoint === undefined) return { flush: async () => undefined, stop: async () => undefined };
  const [api, sdk, { resourceFromAttributes }, { OTLPTraceExporter }] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/exporter-trace-otlp-http'),
  ]);
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/u, '')}/v1/traces`, timeoutMillis: STOP_MS_MAX });
  const provider = new sdk.NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.namespace': 'concord', 'service.version': version }),
    spanLimits: { attributeCountLimit: ATTRIBUTES_MAX, attributeValueLengthLimit: ATTRIBUTE_CHARACTERS_MAX },
    spanProcessors: [new sdk.BatchSpanProcessor(exporter, { maxQueueSize: QUEUE_MAX, exportTimeoutMillis: STOP_MS_MAX })],
  });
  const before = traceWith(makerOf(api, provider.getTracer('concord', version)));
  return {
    flush: () => provider.forceFlush(),
    stop: async () => {
      traceWith(before);
      // A collector that does not answer must not hold the process: what it missed is lost, and no promise of ours.
      await Promise.race([provider.shutdown().catch(() => undefined), unref(STOP_MS_MAX)]);
    },
  };
}

const unref = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());

function makerOf(api: typeof import('@opentelemetry/api'), tracer: import('@opentelemetry/api').Tracer): SpanMaker {
  const kinds: Record<SpanSide, import('@opentelemetry/api').SpanKind> = {
    server: api.SpanKind.SERVER,
    producer: api.SpanKind.PRODUCER,
    consumer: api.SpanKind.CONSUMER,
    internal: api.SpanKind.INTERNAL,
  };
  const parentOf = (traceparent: string | undefined) => {
    const [, version, traceId, spanId, flags] = TRACEPARENT.exec(traceparent ?? '') ?? [];
    if (version === undefined || version === 'ff') return api.ROOT_CONTEXT;
    const context = { traceId: traceId!, spanId: spanId!, traceFlags: Number.parseInt(flags!, 16), isRemote: true };
    return api.isSpanContextValid(context) ? api.trace.setSpanContext(api.ROOT_CONTEXT, context) : api.ROOT_CONTEXT;
  };
  return {
    start: (side, name, parent, attributes) => {
      const span = tracer.startSpan(name, { kind: kinds[side], attributes: { ...attributes } }, parentOf(parent));
      const { traceId, spanId, traceFlags } = span.spanContext();
      return {
        traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`,
        end: (more: SpanAttributes = {}, failed = false) => {
          span.setAttributes({ ...more });
          if (failed) span.setStatus({ code: api.SpanStatusCode.ERROR });
          span.end();
        },
      };
    },
  };
}
