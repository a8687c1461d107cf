import { Refused } from '@concord/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Authenticator } from '../identity/authenticator.js';
import { correlationOf, send } from './edge.js';
import { problem } from './problem.js';

/** What a route outside of every context's service definition is given. */
export interface RegistrarCall {
  /** Parsed JSON; undefined without a body. */
  readonly body: unknown;
  /** The registrar's access token, to ask other services as the same person. */
  readonly token: string;
}

/** A route for registrars only that belongs to no context's definition: the tools of development. Answers JSON, or a problem. */
export function registrarRoute(authenticator: () => Authenticator, run: (call: RegistrarCall) => Promise<unknown>) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const correlation = correlationOf(request);
    try {
      const token = /^Bearer (\S+)$/u.exec(request.headers.authorization ?? '')?.[1] ?? '';
      const { subject } = await authenticator().authenticate(token, undefined);
      if (!subject.platformRoles.includes('registrar')) throw new Refused('forbidden', 'This is for registrars only.');
      return await reply.send(await run({ body: json(request.body), token }));
    } catch (error) {
      send(reply, problem(error, correlation), correlation);
      return reply;
    }
  };
}

function json(body: unknown): unknown {
  const text = body instanceof Uint8Array ? Buffer.from(body).toString('utf8') : '';
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Refused('invalid', 'The body is not JSON.', { at: String(cause) });
  }
}
