import { resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { chartFaults, type Manifest } from './chart.js';
import { SERVICES } from './settings.js';
import { helm, said, tool } from './tools.js';

const chart = resolve(import.meta.dirname, '../../infra/helm/concord');
const program = tool(helm);

function rendered(...set: string[]): Manifest[] {
  const { code, output } = said(program!, ['template', 'spec', chart, ...set.flatMap((one) => ['--set', one])]);
  if (code !== 0) throw new Error(output);
  return parseAllDocuments(output).flatMap((document) => {
    if (document.errors.length > 0) throw new Error(document.errors.join('\n'));
    return document.toJS() ?? [];
  });
}

const everything = [
  'ingress.enabled=true',
  'ingress.className=nginx',
  'ingress.tlsSecretName=tls',
  'telemetry.otlpEndpoint=http://collector:4318',
  'administrator.secretName=first',
  'metrics.serviceMonitor=true',
  'networkPolicies.ingressNamespace=ingress',
  'networkPolicies.monitoringNamespace=monitoring',
  'image.pullSecrets[0].name=registry',
  'kafka.tls=true',
  'kafka.authoritySecretName=kafka-authority',
  'kafka.loginSecretName=kafka-login',
];
const renderings: [string, string[]][] = [
  ['as it is', []],
  ['with everything', everything],
  ['with fixed numbers', ['services.pledges.autoscaling.enabled=false', 'services.pledges.replicas=3', 'files.existingClaim=mine']],
];

describe('the chart', () => {
  it('pleases helm lint', () => {
    if (!program) return;
    expect(said(program, ['lint', '--strict', chart])).toMatchObject({ code: 0 });
  });

  it.each(renderings)('keeps our rules %s', (_name, set) => {
    if (!program) return;
    const manifests = rendered(...set);
    expect(chartFaults(manifests)).toEqual([]);
    const kinds = manifests.map(({ kind }) => kind as string);
    expect(kinds.filter((kind) => kind === 'Deployment')).toHaveLength(7);
    expect(kinds.filter((kind) => kind === 'Job')).toHaveLength(1);
  });

  it('makes what was asked for', () => {
    if (!program) return;
    const all = rendered(...everything);
    expect(all.filter(({ kind }) => kind === 'Ingress' || kind === 'ServiceMonitor')).toHaveLength(2);
    expect(rendered().some(({ kind }) => kind === 'Ingress')).toBe(false);
    const fixed = rendered('services.pledges.autoscaling.enabled=false', 'services.pledges.replicas=3');
    expect(fixed.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'spec-pledges').spec.replicas).toBe(3);
    const gateway = all.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'spec-gateway');
    const services = gateway.spec.template.spec.containers[0].env.find(({ name }: Manifest) => name === 'CONCORD_SERVICES')
      .value as string;
    for (const entry of services.split(',')) {
      const [name, url] = entry.split('=') as [string, string];
      expect(
        all.some(
          ({ kind, metadata }) => kind === 'Service' && url === `http://${metadata.name}:3000` && metadata.name === `spec-${name}`,
        ),
      ).toBe(true);
    }
    expect(services.split(',')).toHaveLength(5);
  });

  it('brings what brokers ask for to the services, and to nobody else', () => {
    if (!program) return;
    const all = rendered(...everything);
    const settings = all.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'spec-service').data as Manifest;
    expect(settings).toMatchObject({
      KAFKA_TLS: 'true',
      KAFKA_MECHANISM: 'scram-sha-512',
      KAFKA_CA_FILE: '/secrets/kafka/ca.crt',
      KAFKA_PASSWORD_FILE: '/secrets/kafka/password',
    });
    const withSecret = all.filter((one) => one.kind === 'Deployment' && JSON.stringify(one).includes('"/secrets/kafka"'));
    expect(withSecret.map(({ metadata }) => metadata.name as string).sort()).toEqual(SERVICES.map((name) => `spec-${name}`).sort());
    expect(JSON.stringify(rendered())).not.toContain('/secrets/kafka');
  });

  it('shows the pages through the gateways, which may go there', () => {
    if (!program) return;
    const all = rendered();
    const named = (kind: string, name: string) => all.find((one) => one.kind === kind && one.metadata.name === name);
    const settings = named('Deployment', 'spec-gateway').spec.template.spec.containers[0].env as { name: string; value: string }[];
    expect(settings).toContainEqual({ name: 'CONCORD_WEB_URL', value: 'http://spec-web:3000' });
    expect(named('Service', 'spec-web')).toBeDefined();
    const from = JSON.stringify(named('NetworkPolicy', 'spec-web').spec.ingress);
    expect(from).toContain('"app.kubernetes.io/component":"gateway"');
  });

  it('refuses values that cannot work', () => {
    if (!program) return;
    for (const value of [
      'image.tag=latest',
      'kafka.brokers=nowhere',
      'kafka.mechanism=none',
      'kafka.password=secret',
      'database.url=postgresql://x',
      'services.other.replicas=1',
      'database.secretName=',
    ])
      expect(() => rendered(value)).toThrow(/values don't meet the specifications/u);
  });

  it('is told apart from one with faults', () => {
    if (!program) return;
    const broken = (change: (find: (kind: string, name?: string) => Manifest, all: Manifest[]) => unknown): string => {
      const all = rendered();
      change((kind, name = 'spec-pledges') => all.find((one) => one.kind === kind && one.metadata.name === name), all);
      return chartFaults(all).join('\n');
    };
    const container = (deployment: Manifest) => deployment.spec.template.spec.containers[0];
    expect(broken((find) => delete container(find('Deployment')).readinessProbe)).toContain('no readinessProbe');
    expect(broken((find) => (container(find('Deployment')).image = 'concord:latest'))).toContain('not pinned');
    expect(broken((find) => (container(find('Deployment')).securityContext.readOnlyRootFilesystem = false))).toContain(
      'may do more',
    );
    expect(broken((find) => (find('Deployment').spec.template.spec.securityContext = {}))).toContain('may run as root');
    expect(broken((find) => (find('Deployment').spec.selector.matchLabels = { app: 'x' }))).toContain('does not match its pods');
    expect(broken((find) => (find('Service').spec.selector['app.kubernetes.io/component'] = 'x'))).toContain('not one Service');
    expect(broken((find) => (find('PodDisruptionBudget').spec.selector.matchLabels = { x: 'y' }))).toContain('PodDisruptionBudget');
    expect(broken((find) => (find('ConfigMap', 'spec-service').data['KAFKA_BROKER'] = 'x'))).toContain(
      'pledges has no setting KAFKA_BROKER',
    );
    expect(broken((find) => container(find('Deployment')).env.push({ name: 'CONCORD_FILES_DIR', value: '/data' }))).toContain(
      'no setting CONCORD_FILES_DIR',
    );
    expect(broken((find) => (container(find('Deployment')).args = ['dist/pledge/main.js']))).toContain('does not exist');
    expect(broken((find) => (container(find('Deployment')).volumeMounts = []))).toContain('not mounted');
    expect(broken((find) => delete find('Job', 'spec-migrate').metadata.annotations)).toContain('does not run before');
    expect(broken((_find, all) => all.push({ kind: 'Secret', metadata: { name: 'x' } }))).toContain('makes a Secret');
  });
});
