import { everyone } from '@concord/access';
import type { HttpServer, Platform, ServiceDefinition } from '@concord/platform';
import { Actor } from '@concord/testing';
import type { Callers } from './callers.js';
import type { World } from './world.js';

/** Which policies of a service are replaced by `everyone`. */
export type Replaced = 'allows' | 'readable';

/** A service as somebody would break it. */
function broken(service: ServiceDefinition, replaced: Replaced): ServiceDefinition {
  if (replaced === 'allows') {
    return {
      ...service,
      commands: service.commands.map((command) => ({ ...command, allows: everyone })),
      queries: service.queries.map((query) => ({ ...query, allows: everyone })),
      actions: (service.actions ?? []).map((action) => ({ ...action, allows: everyone })),
    };
  }
  return { ...service, resources: service.resources.map((resource) => ({ ...resource, readable: everyone })) };
}

/** The same contexts behind a second HTTP server that lets everybody pass. */
async function serve(platform: Platform, replaced: Replaced): Promise<HttpServer> {
  const contexts = new Map(
    [...platform.contexts].map(([name, context]) => [
      name,
      Object.create(context, { service: { value: broken(context.service, replaced) } }) as typeof context,
    ]),
  );
  return (Object.create(platform, { contexts: { value: contexts } }) as Platform).http();
}

/** Runs against a server whose policies were replaced, with the same callers. */
export async function sabotaged<Result>(
  world: World,
  callers: Callers,
  replaced: Replaced,
  run: (callers: Callers) => Promise<Result>,
): Promise<Result> {
  const http = await serve(world.on.platform, replaced);
  const url = `http://127.0.0.1:${await http.listen(0, '127.0.0.1')}`;
  const moved = ({ person, organisation, token }: Actor): Actor => new Actor(url, person, organisation, token);
  const all = <Key extends string>(actors: Readonly<Record<Key, Actor>>) =>
    Object.fromEntries(Object.entries<Actor>(actors).map(([key, actor]) => [key, moved(actor)])) as Record<Key, Actor>;
  try {
    return await run({
      anonymous: moved(callers.anonymous),
      strangers: all(callers.strangers),
      insider: moved(callers.insider),
      ownReadToken: moved(callers.ownReadToken),
      turnedAway: {} as Callers['turnedAway'],
    });
  } finally {
    await http.close();
    // Code that relies on a policy breaks without it; that is no news here.
    world.on.faults.length = 0;
  }
}
