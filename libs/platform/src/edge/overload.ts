import type { FastifyServerFactory } from 'fastify';
import { createServer } from 'node:http';
import type { Load } from '../load.js';
import { Overloaded } from '../log/work.js';
import { correlationOf, write, type EdgeMetrics } from './edge.js';
import { problem } from './problem.js';

const OVERLOADED = new Overloaded('More is asked than can be answered in time. Try again in a moment.');

/**
 * Makes servers that refuse requests of the API, 503 with Retry-After, while the process is full. What a refusal costs is taken from the
 * requests that are answered, so only the head is read, and before Fastify: behind it a refusal costs a third more.
 */
export const refusing =
  (load: Load, metrics: EdgeMetrics): FastifyServerFactory =>
  (answer, { keepAliveTimeout, requestTimeout, connectionTimeout }) => {
    const server = createServer((request, response) => {
      if (!load.full || !request.url!.startsWith('/api/')) return answer(request, response);
      metrics.requests.inc({ route: 'refused', status: '503' });
      const correlation = correlationOf(request);
      write(response, problem(OVERLOADED, correlation), correlation);
    });
    // As Fastify sets them on a server of its own.
    return Object.assign(server, { keepAliveTimeout, requestTimeout, timeout: connectionTimeout });
  };
