import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readConfiguration } from '@concord/platform';
import { ServiceSettings } from '@concord/platform/serve';
import { z } from 'zod';
import { appOf, SERVICES, unknownSettings, yamlFile } from './settings.js';

const root = resolve(import.meta.dirname, '../..');

// The part of the Compose Specification that the file uses, strictly: a key nobody meant is a fault here, as it is in `docker compose`.
const Duration = z.string().regex(/^\d+(ms|s|m|h)$/u);
const Size = z.string().regex(/^\d+[bkmg]$/u);
const Name = z.string().regex(/^[a-z0-9][a-z0-9_-]*$/u);
const Image = z.string().regex(/^([\w.-]+\/)*[\w.-]+:v?\d+\.\d+(\.\d+)?(-[\w.]+)?$/u, 'must be pinned to a version, never latest');
const Healthcheck = z.union([
  z.strictObject({ disable: z.literal(true) }),
  z.strictObject({
    test: z.tuple([z.literal('CMD')], z.string()),
    interval: Duration,
    timeout: Duration,
    retries: z.int().min(1),
    start_period: Duration.optional(),
  }),
]);
const Service = z.strictObject({
  image: Image,
  build: z.strictObject({ context: z.string(), dockerfile: z.string() }).optional(),
  profiles: z.array(Name).optional(),
  command: z.array(z.string()).optional(),
  entrypoint: z.array(z.string()).optional(),
  init: z.boolean().optional(),
  restart: z.enum(['unless-stopped', 'on-failure']),
  read_only: z.boolean().optional(),
  tmpfs: z.array(z.string()).optional(),
  cap_drop: z.array(z.string()).optional(),
  security_opt: z.array(z.string()).optional(),
  stop_grace_period: Duration.optional(),
  mem_limit: Size.optional(),
  shm_size: Size.optional(),
  networks: z.array(Name),
  depends_on: z
    .record(Name, z.strictObject({ condition: z.enum(['service_healthy', 'service_completed_successfully']) }))
    .optional(),
  healthcheck: Healthcheck.optional(),
  environment: z.record(z.string().regex(/^[A-Z][A-Z0-9_]*$/u), z.string()).optional(),
  secrets: z.array(Name).optional(),
  volumes: z.array(z.string().regex(/^[\w./-]+:\/[\w./-]+(:ro)?$/u)).optional(),
  // Bound to this machine: what others reach needs TLS in front.
  ports: z.array(z.string().regex(/^127\.0\.0\.1:\d+:\d+$/u, 'must be bound to 127.0.0.1')).optional(),
});
const Compose = z.object({
  name: Name,
  services: z.record(Name, Service),
  networks: z.record(Name, z.strictObject({})),
  volumes: z.record(Name, z.strictObject({})),
  secrets: z.record(Name, z.strictObject({ file: z.string() })),
});
type Compose = z.infer<typeof Compose>;

const text = () => yamlFile('infra/compose.yaml') as Record<string, unknown>;
const file = (): Compose => Compose.parse(Object.fromEntries(Object.entries(text()).filter(([key]) => !key.startsWith('x-'))));
const apps = (compose: Compose) => Object.entries(compose.services).filter(([, { image }]) => image.startsWith('concord:'));

/** Everything that does not fit together in a compose file. */
function faultsOf(compose: Compose): string[] {
  const faults: string[] = [];
  for (const [name, service] of Object.entries(compose.services)) {
    for (const [on, { condition }] of Object.entries(service.depends_on ?? {})) {
      const other = compose.services[on];
      if (!other) faults.push(`${name} depends on ${on}, which does not exist`);
      else if (other.profiles) faults.push(`${name} depends on ${on}, which is optional`);
      else if (condition === 'service_healthy' && (!other.healthcheck || 'disable' in other.healthcheck))
        faults.push(`${name} waits for the health of ${on}, which has no check`);
    }
    for (const network of service.networks) if (!(network in compose.networks)) faults.push(`${name}: no network ${network}`);
    for (const volume of service.volumes ?? []) {
      const [source = ''] = volume.split(':');
      if (source.startsWith('.') ? !existsSync(join(root, 'infra', source)) : !(source in compose.volumes))
        faults.push(`${name}: no volume ${source}`);
    }
    for (const secret of service.secrets ?? []) if (!(secret in compose.secrets)) faults.push(`${name}: no secret ${secret}`);
    for (const value of Object.values(service.environment ?? {})) {
      const [, secret] = /\/run\/secrets\/(\w+)/u.exec(value) ?? [];
      if (secret && !service.secrets?.includes(secret)) faults.push(`${name} reads the secret ${secret}, which it is not given`);
    }
    for (const [key, value] of Object.entries(service.environment ?? {}))
      if (/PASSWORD|SECRET|TOKEN|DATABASE_URL/u.test(key) && !/FILE$/u.test(key))
        faults.push(`${name}: ${key}=${value} is a secret in the open`);
  }
  for (const [name, { command, environment, read_only, cap_drop, security_opt, healthcheck }] of apps(compose)) {
    const { app, there } = appOf(command?.[0] ?? '');
    if (!there) faults.push(`${name} starts ${command?.[0]}, which does not exist`);
    else faults.push(...unknownSettings(app, Object.keys(environment ?? {})).map((fault) => `${name}: ${fault}`));
    if (!read_only || !cap_drop?.includes('ALL') || !security_opt?.includes('no-new-privileges:true'))
      faults.push(`${name} may do more than it needs`);
    if (!healthcheck) faults.push(`${name} has no health check`);
  }
  return faults;
}

describe('compose.yaml', () => {
  it('has the shape of the specification, and everything it names exists', () => {
    expect(faultsOf(file())).toEqual([]);
  });

  it('has every service once, the gateway twice, and all that watches them', () => {
    const names = Object.keys(file().services);
    for (const name of [
      ...SERVICES.filter((one) => one !== 'gateway'),
      'gateway-1',
      'gateway-2',
      'web',
      'migrate',
      'kafka',
      'postgres',
    ])
      expect(names).toContain(name);
    for (const name of ['prometheus', 'grafana', 'jaeger', 'keycloak']) expect(names).toContain(name);
    expect(file().services['keycloak']!.profiles).toEqual(['keycloak-ready']);
  });

  it.each(SERVICES)('gives %s settings that it accepts', (name) => {
    const services = Object.entries(file().services).filter(([, { command }]) => command?.[0] === `dist/${name}/main.js`);
    expect(services.length).toBe(name === 'gateway' ? 2 : 1);
    for (const [, { environment = {} }] of services) {
      const { DATABASE_URL_FILE, ...rest } = environment;
      expect(DATABASE_URL_FILE).toBe(`/run/secrets/database_url_${name}`);
      const read = readConfiguration(ServiceSettings, {
        ...rest,
        DATABASE_URL: `postgresql://concord_${name}:x@postgres:5432/concord`,
      });
      expect(read).toMatchObject({ CONCORD_ENV: 'production', CONCORD_DATABASE_ROLE: 'own', KAFKA_BROKERS: 'kafka:9092' });
    }
  });

  it('shows the pages through every gateway, and nobody reaches them otherwise', () => {
    const { services } = file();
    for (const name of ['gateway-1', 'gateway-2'])
      expect(services[name]!.environment).toMatchObject({ CONCORD_WEB_URL: 'http://web:3000' });
    expect(services['web']!.environment).toMatchObject({ CONCORD_TRUST_PROXY: 'true', CONCORD_WEB_PORT: '3000' });
    expect(services['web']!.ports).toBeUndefined();
  });

  it('is told apart from one with faults', () => {
    const broken = (change: (compose: Compose) => void): string => {
      const compose = structuredClone(file());
      change(compose);
      return faultsOf(compose).join('\n');
    };
    expect(broken(({ services }) => (services['pledges']!.environment!['KAFKA_BROKER'] = 'kafka:9092'))).toContain(
      'pledges has no setting KAFKA_BROKER',
    );
    expect(broken(({ services }) => (services['web']!.environment!['CONCORD_PORT'] = '1'))).toContain(
      'web has no setting CONCORD_PORT',
    );
    expect(broken(({ services }) => (services['gateway-1']!.environment!['DATABASE_URL'] = 'x'))).toMatch(
      /twice[\s\S]*|secret in the open/u,
    );
    expect(broken(({ services }) => (services['pledges']!.command = ['dist/pledge/main.js']))).toContain('does not exist');
    expect(broken(({ services }) => (services['pledges']!.secrets = []))).toContain('which it is not given');
    expect(broken(({ services }) => delete services['kafka']!.healthcheck)).toContain('has no check');
    expect(broken(({ services }) => (services['pledges']!.read_only = false))).toContain('may do more');
    expect(broken(({ services }) => (services['pledges']!.volumes = ['lost:/x']))).toContain('no volume lost');
    expect(broken(({ services }) => (services['pledges']!.depends_on = { nobody: { condition: 'service_healthy' } }))).toContain(
      'does not exist',
    );
    for (const change of [{ image: 'postgres:latest' }, { image: 'postgres' }, { ports: ['3000:3000'] }, { priviledged: true }])
      expect(Service.safeParse({ ...file().services['postgres'], ...change }).success).toBe(false);
  });

  it('finds the scripts and files of Prometheus and Grafana', () => {
    const { scrape_configs } = yamlFile('infra/observability/prometheus/prometheus.yaml') as {
      scrape_configs: { static_configs: { targets: string[] }[] }[];
    };
    const targets = scrape_configs.flatMap(({ static_configs }) => static_configs.flatMap((one) => one.targets));
    const scraped = apps(file()).flatMap(([name]) => (name === 'migrate' || name === 'web' ? [] : [`${name}:3000`]));
    expect(targets.sort()).toEqual(scraped.sort());
  });
});

describe('the secrets of compose.yaml', () => {
  it('are all made by the script, once', () => {
    const folder = mkdtempSync(join(tmpdir(), 'concord-secrets-'));
    const make = () =>
      execFileSync(process.execPath, [join(root, 'infra/container/make-secrets.mjs'), join(folder, 's')], { encoding: 'utf8' });
    try {
      make();
      const contents = () =>
        Object.fromEntries(readdirSync(join(folder, 's')).map((name) => [name, readFileSync(join(folder, 's', name), 'utf8')]));
      const made = contents();
      expect(Object.keys(made).sort()).toEqual(Object.keys(file().secrets).sort());
      for (const [name, { file: path }] of Object.entries(file().secrets)) expect(path).toBe(`./secrets/${name}`);
      expect(statSync(join(folder, 's')).mode & 0o077).toBe(0);
      expect(made['database_url_admin']).toBe(`postgresql://concord:${made['postgres_password']}@postgres:5432/concord`);
      for (const name of SERVICES)
        expect(made[`database_url_${name}`]).toMatch(
          new RegExp(`^postgresql://concord_${name}:[\\w-]{32}@postgres:5432/concord$`, 'u'),
        );
      expect(make()).toContain('Nothing to do');
      expect(contents()).toEqual(made);
      expect(readFileSync(join(root, '.gitignore'), 'utf8')).toContain('/infra/secrets/');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
