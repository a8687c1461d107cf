import { routesOf, type Route, type ServiceDefinition } from '@concord/platform';

/** Which context answers which address: read off the tables of contents that also make the API document. */
export class RouteTable {
  private readonly routes = new Map<string, Route>();
  /** Patterns below /api/v1, with `:names`. */
  readonly paths: readonly string[];

  constructor(services: readonly ServiceDefinition[]) {
    const routes = services.flatMap(routesOf);
    for (const route of routes) {
      const key = `${route.method} ${route.path}`;
      const other = this.routes.get(key);
      if (other) throw new Error(`${other.context} and ${route.context} both answer ${key}`);
      this.routes.set(key, route);
    }
    this.paths = [...new Set(routes.map(({ path }) => path))];
  }

  /** The route of a pattern; undefined when the method is not taken there. */
  find(method: string, path: string): Route | undefined {
    return this.routes.get(`${method === 'HEAD' ? 'GET' : method} ${path}`);
  }
}
