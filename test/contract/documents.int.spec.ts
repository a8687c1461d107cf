import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Parser } from '@asyncapi/parser';
import { directory } from '@concord/directory';
import { gateway } from '@concord/gateway';
import type { EventDefinition } from '@concord/kernel';
import { notifications } from '@concord/notifications';
import { partnerships } from '@concord/partnerships';
import { asyncApi, openApi, routesOf, type ServiceDefinition } from '@concord/platform';
import { pledges } from '@concord/pledges';
import { stewardship } from '@concord/stewardship';
import { Validator } from '@seriousme/openapi-schema-validator';

const root = join(import.meta.dirname, '../..');
const services: readonly ServiceDefinition[] = [
  directory,
  partnerships,
  pledges,
  stewardship({ filesDir: '/nowhere' }),
  notifications,
  gateway,
];
const routes = services.flatMap(routesOf);

/** Every `$ref` of a document that does not lead anywhere in it. */
function dangling(document: unknown): string[] {
  const lost: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, item] of Object.entries(value)) {
      if (key !== '$ref' || typeof item !== 'string') visit(item);
      else {
        const target = item
          .replace(/^#\//u, '')
          .split('/')
          .reduce<unknown>(
            (at, part) => (at as Record<string, unknown> | undefined)?.[part.replace(/~1/gu, '/').replace(/~0/gu, '~')],
            document,
          );
        if (target === undefined) lost.push(item);
      }
    }
  };
  visit(document);
  return lost;
}

describe('the OpenAPI document', () => {
  const document = openApi(routes, 'spec');

  it('is valid OpenAPI 3.1', async () => {
    const result = await new Validator().validate(structuredClone(document));
    expect(result.errors ?? []).toEqual([]);
    expect(result.valid).toBe(true);
  });

  it('is refused when it is not: the validator can fail', async () => {
    const broken = { ...structuredClone(document), info: { title: 'no version' } };
    expect((await new Validator().validate(broken)).valid).toBe(false);
  });

  it('has no reference that leads nowhere, and would notice one', () => {
    expect(dangling(document)).toEqual([]);
    expect(dangling({ a: { $ref: '#/b' } })).toEqual(['#/b']);
  });

  it('names each operation once', () => {
    const names = routes.map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('has each address once', () => {
    const addresses = routes.map(({ method, path }) => `${method} ${path.replace(/:\w+/gu, ':')}`);
    expect(addresses.filter((address, index) => addresses.indexOf(address) !== index)).toEqual([]);
  });

  it('says of every route what a gateway answers when its service is away or late', () => {
    const paths = document['paths'] as Record<string, Record<string, { responses: Record<string, unknown> }>>;
    const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
    expect(operations.length).toBeGreaterThan(100);
    const silent = operations.filter(({ responses }) => !responses['503'] || !responses['504']);
    expect(silent).toEqual([]);
  });

  it('says of every route who may call it', () => {
    expect(routes.filter(({ policy }) => policy.label.trim() === '').map(({ name }) => name)).toEqual([]);
  });
});

describe('the AsyncAPI document', () => {
  it('is accepted by the official parser', async () => {
    const { diagnostics } = await new Parser().parse(JSON.stringify(asyncApi(services, 'spec')));
    expect(
      diagnostics.filter(({ severity }) => severity === 0).map(({ message, path }) => `${path.join('/')}: ${message}`),
    ).toEqual([]);
  });

  it('is refused when it is not: the parser can fail', async () => {
    const { diagnostics } = await new Parser().parse(JSON.stringify({ ...asyncApi(services, 'spec'), channels: 7 }));
    expect(diagnostics.some(({ severity }) => severity === 0)).toBe(true);
  });
});

describe('the documents in the repository', () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const written = (name: string): unknown => JSON.parse(readFileSync(join(root, 'docs', name), 'utf8'));

  it.each([
    ['openapi.json', () => openApi(routes, version)],
    ['asyncapi.json', () => asyncApi(services, version)],
  ])('%s is what the code says; if not, run `npm run documents`', (name, make) => {
    expect(written(name)).toEqual(JSON.parse(JSON.stringify(make())));
  });
});

/** Golden payloads of a folder: `<Kind>.v<version>.json`. */
function goldens(folder: string): { kind: string; version: number; payload: unknown }[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((file) => {
    const match = /^(\w+)\.v(\d+)\.json$/u.exec(file);
    if (!match) throw new Error(`${folder}/${file} is not named <Kind>.v<version>.json`);
    return { kind: match[1]!, version: Number(match[2]), payload: JSON.parse(readFileSync(join(folder, file), 'utf8')) as unknown };
  });
}

/** Every event that a context sends or stores. */
const eventsOf = ({ publishes, resources, aggregates = [] }: ServiceDefinition): ReadonlyMap<string, EventDefinition> =>
  new Map(
    [
      ...publishes,
      ...[...resources.map(({ aggregate }) => aggregate), ...aggregates].flatMap(({ events }) => [...events.values()]),
    ].map((event) => [event.kind, event]),
  );

describe.each(services.filter((service) => eventsOf(service).size > 0).map((service) => [service.name, service] as const))(
  'golden payloads of %s',
  (name, service) => {
    const definitions = eventsOf(service);
    // Public ones are part of the contract, the others are kept beside the code.
    const payloads = [`libs/contracts/history/${name}`, `libs/${name}/history`].flatMap((folder) => goldens(join(root, folder)));

    it('exist for every version of every event, public or not, and for no other', () => {
      const have = payloads.map(({ kind, version }) => `${kind}.v${version}`);
      const wanted = [...definitions.values()].flatMap(({ kind, version }) =>
        Array.from({ length: version }, (_, index) => `${kind}.v${index + 1}`),
      );
      expect(have.sort()).toEqual(wanted.sort());
    });

    it('still lift and parse', () => {
      for (const { kind, version, payload } of payloads) expect(() => definitions.get(kind)!.parse(payload, version)).not.toThrow();
    });
  },
);
