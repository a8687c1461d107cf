import type { FastifyReply, FastifyRequest } from 'fastify';
import { Allowance } from './allowance.js';
import { EdgeProblem } from './problem.js';

/** What a request at a time gets: its RateLimit header, and the seconds to wait where it is refused. */
function ask(allowance: Allowance, atMs: number, { ip = 'a', token }: { ip?: string; token?: string } = {}) {
  const headers: Record<string, string> = {};
  const reply = { header: (name: string, value: string) => ((headers[name] = value), reply) };
  const request = { ip, headers: token === undefined ? {} : { authorization: token } };
  try {
    allowance.admit(request as FastifyRequest, reply as unknown as FastifyReply, atMs);
    return { left: headers['ratelimit'], policy: headers['ratelimit-policy'] };
  } catch (error) {
    if (!(error instanceof EdgeProblem)) throw error;
    return { left: headers['ratelimit'], wait: error.headers['retry-after'] };
  }
}

describe('an allowance', () => {
  it('lets a burst through, then says how long to wait, and refills; every answer says what is left', () => {
    const allowance = new Allowance({ perSecond: 2, burst: 3 });
    expect(ask(allowance, 0)).toEqual({ left: '"caller";r=2;t=1', policy: '"caller";q=3;w=2' });
    expect(ask(allowance, 0).left).toBe('"caller";r=1;t=1');
    expect(ask(allowance, 0).left).toBe('"caller";r=0;t=2');
    expect(ask(allowance, 0)).toEqual({ left: '"caller";r=0;t=2', wait: '1' });
    expect(ask(allowance, 500)).toMatchObject({ left: '"caller";r=0;t=2', policy: '"caller";q=3;w=2' });
    expect(ask(allowance, 500).wait).toBe('1');
    expect(ask(allowance, 60_000).left).toBe('"caller";r=2;t=1');
  });

  it('is one for each address, and one for each token that has proved itself', () => {
    const allowance = new Allowance({ perSecond: 1, burst: 1 });
    expect(ask(allowance, 0, { ip: 'a' }).wait).toBeUndefined();
    expect(ask(allowance, 0, { ip: 'b' }).wait).toBeUndefined();
    expect(ask(allowance, 0, { ip: 'a', token: 'made up' }).wait).toBe('1');
    allowance.prove('good');
    expect(ask(allowance, 0, { ip: 'a', token: 'good' }).wait).toBeUndefined();
    expect(ask(allowance, 0, { ip: 'c', token: 'good' }).wait).toBe('1');
  });
});
