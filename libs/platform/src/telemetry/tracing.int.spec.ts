import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { appendSpans, isTracing, publishSpans, reactionSpan, requestSpan, roomSpan } from './tracing.js';
import { startTracing, tracingSettings } from './start-tracing.js';

interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly attributes: readonly { readonly key: string; readonly value: Record<string, unknown> }[];
  readonly status?: { readonly code?: number };
}

/** A collector that speaks OTLP over HTTP with JSON, as a real one does, and remembers what it was sent. */
class Receiver {
  readonly spans: ReceivedSpan[] = [];
  readonly services = new Set<string>();
  private readonly server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.method !== 'POST' || request.url !== '/v1/traces' || request.headers['content-type'] !== 'application/json')
        return void response.writeHead(400).end();
      for (const { resource, scopeSpans } of JSON.parse(Buffer.concat(chunks).toString('utf8')).resourceSpans) {
        for (const { key, value } of resource.attributes) if (key === 'service.name') this.services.add(value.stringValue);
        for (const { spans } of scopeSpans) this.spans.push(...spans);
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): Promise<unknown> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }
}

const CALLER = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const event = (traceparent?: string) => ({
  type: 'concord.needs.NeedPublished',
  id: 'need/1',
  ...(traceparent === undefined ? {} : { traceparent }),
});

describe('tracing', () => {
  it('is off without an address: no hook makes anything', async () => {
    const tracing = await startTracing({ service: 'spec', version: '1', endpoint: undefined });
    expect(isTracing()).toBe(false);
    expect(requestSpan('POST', 'publish-need', '/needs', CALLER)).toBeUndefined();
    expect(reactionSpan('react', event(CALLER))).toBeUndefined();
    appendSpans([{ work: { trace: { traceparent: CALLER } } }])();
    publishSpans('a', 'b', [event(CALLER)])();
    roomSpan('public', 1, 1, 'not even JSON');
    await tracing.stop();
  });

  it('follows a request from the caller through the log and the bus to the room', async () => {
    const receiver = new Receiver();
    const tracing = await startTracing({ service: 'partnerships', version: '1', endpoint: `${await receiver.listen()}/` });
    try {
      const request = requestSpan('POST', 'publish-need', '/needs/{id}/publish', CALLER)!;
      const traced = event(request.traceparent);
      appendSpans([{ work: { trace: { traceparent: request.traceparent } } }, { work: { trace: {} } }])();
      request.end({ 'http.response.status_code': 200 });
      publishSpans('partnerships', 'pledges', [traced, event()])(true);
      const reaction = reactionSpan('open-lines', traced)!;
      appendSpans([{ work: { trace: { traceparent: reaction.traceparent } } }])();
      reaction.end();
      roomSpan('need:0190', 7, 3, JSON.stringify(event(reaction.traceparent)));
      await tracing.flush();

      const trace = receiver.spans.filter(({ traceId }) => traceId === CALLER.split('-')[1]);
      expect(trace.map(({ name }) => name).sort()).toEqual([
        'POST /needs/{id}/publish',
        'decide and append',
        'decide and append',
        'deliver need',
        'publish partnerships',
        'react open-lines',
      ]);
      expect(receiver.spans).toHaveLength(trace.length);
      const named = (name: string) => trace.find((span) => span.name === name)!;
      expect(named('POST /needs/{id}/publish').parentSpanId).toBe(CALLER.split('-')[2]);
      expect(named('react open-lines').parentSpanId).toBe(named('POST /needs/{id}/publish').spanId);
      expect(named('deliver need').parentSpanId).toBe(named('react open-lines').spanId);
      expect(named('publish partnerships').status?.code).toBe(2);
      expect(named('decide and append').attributes).toContainEqual({ key: 'concord.batch.size', value: { intValue: 2 } });
      expect([...receiver.services]).toEqual(['partnerships']);
      // The id in a room's name may be a person's.
      expect(JSON.stringify(receiver.spans)).not.toContain('0190');
    } finally {
      await tracing.stop();
      await receiver.close();
    }
    expect(isTracing()).toBe(false);
  });

  it('begins a trace where the caller has none, or one that is no traceparent', async () => {
    const receiver = new Receiver();
    const tracing = await startTracing({ service: 'spec', version: '1', endpoint: await receiver.listen() });
    try {
      for (const parent of [undefined, 'nonsense', `00-${'0'.repeat(32)}-${'0'.repeat(16)}-01`, CALLER.replace('00-', 'ff-')]) {
        const span = requestSpan('GET', 'needs', '/needs', parent)!;
        expect(span.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/u);
        span.end();
      }
      await tracing.flush();
      expect(new Set(receiver.spans.map(({ traceId }) => traceId)).size).toBe(4);
      expect(receiver.spans.every(({ parentSpanId }) => !parentSpanId)).toBe(true);
    } finally {
      await tracing.stop();
      await receiver.close();
    }
  });

  it('keeps a caller’s decision not to sample', async () => {
    const receiver = new Receiver();
    const tracing = await startTracing({ service: 'spec', version: '1', endpoint: await receiver.listen() });
    const span = requestSpan('GET', 'needs', '/needs', CALLER.replace(/01$/u, '00'))!;
    expect(span.traceparent).toMatch(/-00$/u);
    span.end();
    await tracing.stop();
    await receiver.close();
    expect(receiver.spans).toEqual([]);
  });

  it('loses spans, not work, while the collector is away', async () => {
    const receiver = new Receiver();
    const gone = await receiver.listen();
    await receiver.close();
    const tracing = await startTracing({ service: 'spec', version: '1', endpoint: gone });
    requestSpan('GET', 'needs', '/needs', undefined)!.end();
    await tracing.stop();
    expect(isTracing()).toBe(false);
  });

  it('takes an address of a collector as its only setting', () => {
    const { OTEL_EXPORTER_OTLP_ENDPOINT: setting } = tracingSettings;
    expect(setting.safeParse('http://collector:4318').success).toBe(true);
    expect(setting.safeParse(undefined).success).toBe(true);
    expect(setting.safeParse('collector:4318').success).toBe(false);
  });
});
