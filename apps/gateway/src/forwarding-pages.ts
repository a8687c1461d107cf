import httpProxy from '@fastify/http-proxy';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { forwardingProblem } from './away.js';
import { nothingHere, passedOn, refuse } from './forwarding.js';

/** Addresses that belong to programs: what is unknown below them is a problem document, never a page. */
const PROGRAMS = /^\/(?:api|realtime|development|\.well-known)(?:\/|$|\?)/u;

/** Passes everything that is no address of the API on to the process that renders the pages, so that browsers see one origin. */
export function forwardPages(
  fastify: FastifyInstance,
  url: string,
  answerMsMax: number,
  failed: (where: string, error: unknown) => void,
): void {
  void fastify.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.setErrorHandler((error, _request, reply) => refuse(reply, error));
    await scope.register(httpProxy, {
      upstream: url.replace(/\/+$/u, ''),
      httpMethods: ['GET', 'POST'],
      disableRequestLogging: true,
      preHandler: (request, _reply, done) => done(PROGRAMS.test(request.url) ? nothingHere() : undefined),
      replyOptions: {
        timeout: answerMsMax,
        rewriteRequestHeaders: (request, headers) => passedOn(request as FastifyRequest, headers),
        onError: (reply, { error }) => {
          failed('forwarding to web', error);
          refuse(reply as FastifyReply, forwardingProblem('web', error));
        },
      },
    });
  });
}
