import { Controller, Inject, Module, RequestMapping, RequestMethod, Req, Res, type DynamicModule, type Type } from '@nestjs/common';
import { Command, CommandBus, CommandHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Context } from '../context/context.js';
import { Door, type Reply } from './door.js';
import type { Visit } from './visit.js';
import { routesOf, type Route } from './routes.js';
import { Edge } from './edge.js';

const METHODS = {
  GET: RequestMethod.GET,
  POST: RequestMethod.POST,
  PATCH: RequestMethod.PATCH,
  PUT: RequestMethod.PUT,
  DELETE: RequestMethod.DELETE,
} as const;

/** A visit on its way through one of the two buses. */
interface Message {
  readonly visit: Visit;
}

/**
 * The Nest module of a context: one controller with a method per route, and behind it one handler per route on the command or
 * the query bus. All of it is made from the service definition, so that a new command needs no wiring.
 */
export function contextModule(context: Context): DynamicModule {
  const door = new Door(context);
  const routes = routesOf(context.service);
  const messages = new Map(routes.map((route) => [route, messageFor(route, door)]));
  @Controller('api/v1')
  class ContextController {
    constructor(
      @Inject(Edge) readonly edge: Edge,
      @Inject(CommandBus) readonly commands: CommandBus,
      @Inject(QueryBus) readonly queries: QueryBus,
    ) {}
  }
  for (const [route, { message }] of messages) addMethod(ContextController, route, message, context);
  @Module({})
  class ContextModule {}
  Object.defineProperty(ContextModule, 'name', { value: `${context.service.name}Module` });
  return {
    module: ContextModule,
    controllers: [ContextController],
    providers: [...messages.values()].map(({ handler }) => handler),
  };
}

/** The message class of a route and its handler. */
function messageFor(route: Route, door: Door): { message: new (visit: Visit) => Message; handler: Type } {
  const isCommand = route.kind === 'command' || route.kind === 'action';
  const message = isCommand
    ? class extends Command<Reply> {
        constructor(readonly visit: Visit) {
          super();
        }
      }
    : class extends Query<Reply> {
        constructor(readonly visit: Visit) {
          super();
        }
      };
  Object.defineProperty(message, 'name', { value: route.name });
  class Handler {
    execute({ visit }: Message): Promise<Reply> {
      return route.run(door, visit);
    }
  }
  (isCommand ? CommandHandler(message as never) : QueryHandler(message as never))(Handler);
  return { message, handler: Handler };
}

interface WithDoors {
  readonly edge: Edge;
  readonly commands: CommandBus;
  readonly queries: QueryBus;
}

/** Adds the method that serves a route, as decorators would. */
function addMethod(controller: Type<WithDoors>, route: Route, message: new (visit: Visit) => Message, context: Context): void {
  const { prototype } = controller as { prototype: Record<string, unknown> };
  const isCommand = route.kind === 'command' || route.kind === 'action';
  prototype[route.name] = function serve(this: WithDoors, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    return this.edge.serve(route, context, request, reply, (visit) => {
      const visited = new message(visit);
      return isCommand ? this.commands.execute(visited as never) : this.queries.execute(visited as never);
    });
  };
  const descriptor = Object.getOwnPropertyDescriptor(prototype, route.name)!;
  Req()(prototype, route.name, 0);
  Res()(prototype, route.name, 1);
  RequestMapping({ path: route.path, method: METHODS[route.method] })(prototype, route.name, descriptor);
}
