import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { z } from 'zod';
import { readExpression } from './promql.js';
import { yamlFile } from './settings.js';

const root = resolve(import.meta.dirname, '../..');
const DASHBOARDS = 'infra/observability/grafana/dashboards';

/** Labels that Prometheus adds to whatever it scrapes; `service` comes from our scrape configuration. */
const ADDED = ['job', 'instance', 'service'];

/** Every metric of /metrics with its labels: those that the sources make, those of Node, and the one that Prometheus makes itself. */
async function metricsOfTheCode(): Promise<Map<string, ReadonlySet<string>>> {
  const metrics = new Map<string, ReadonlySet<string>>([['up', new Set(ADDED)]]);
  const add = (name: string, kind: string, labels: readonly string[]): void => {
    const all = new Set([...ADDED, ...labels]);
    if (kind.toLowerCase() !== 'histogram') metrics.set(name, all);
    else
      for (const part of ['bucket', 'sum', 'count'])
        metrics.set(`${name}_${part}`, part === 'bucket' ? new Set([...all, 'le']) : all);
  };
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const { name, type } of await registry.getMetricsAsJSON()) add(name, String(type), ['kind', 'type', 'space', 'version']);
  for (const lib of readdirSync(join(root, 'libs'))) {
    const src = join(root, 'libs', lib, 'src');
    for (const file of readdirSync(src, { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts') || file.endsWith('.spec.ts')) continue;
      for (const [, kind, options] of readFileSync(join(src, file), 'utf8').matchAll(
        /new (Counter|Gauge|Histogram)\(\{([\s\S]*?)\n {4,8}\}\)/gu,
      )) {
        const [, name] = /name: '([a-z_]+)'/u.exec(options!) ?? [];
        const [, labels = ''] = /labelNames: \[([^\]]*)\]/u.exec(options!) ?? [];
        if (name)
          add(
            name,
            kind!,
            [...labels.matchAll(/'([a-z_]+)'/gu)].map(([, label]) => label!),
          );
      }
    }
  }
  return metrics;
}

let metrics: Map<string, ReadonlySet<string>>;
beforeAll(async () => {
  metrics = await metricsOfTheCode();
});

/** What is wrong with an expression, against the metrics that exist. */
function faultsOf(expression: string): string[] {
  const read = readExpression(expression);
  const faults = [...read.faults];
  const known = new Set<string>();
  for (const [name, labels] of read.metrics) {
    const all = metrics.get(name);
    if (!all) faults.push(`there is no metric ${name}`);
    for (const label of labels) if (all && !all.has(label)) faults.push(`${name} has no label ${label}`);
    for (const label of all ?? []) known.add(label);
  }
  for (const label of read.groups) if (!known.has(label)) faults.push(`nothing has the label ${label}`);
  return faults;
}

const Rules = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      rules: z.array(
        z.strictObject({
          alert: z.string().regex(/^Concord[A-Z][A-Za-z]+$/u),
          expr: z.string(),
          for: z
            .string()
            .regex(/^\d+[smh]$/u)
            .optional(),
          labels: z.strictObject({ severity: z.enum(['page', 'ticket']) }),
          annotations: z.strictObject({ summary: z.string().min(10), runbook: z.string() }),
        }),
      ),
    }),
  ),
});

const Target = z.object({
  refId: z.string(),
  expr: z.string().min(1),
  legendFormat: z.string(),
  datasource: z.object({ uid: z.literal('${source}') }),
});
const Dashboard = z.object({
  uid: z.string().regex(/^concord-[a-z]+$/u),
  title: z.string(),
  description: z.string().min(10),
  schemaVersion: z.int(),
  templating: z.object({ list: z.array(z.object({ name: z.string(), type: z.string(), query: z.unknown() })) }),
  panels: z
    .array(
      z.object({
        id: z.int(),
        title: z.string(),
        description: z.string().min(5),
        type: z.enum(['timeseries', 'stat']),
        gridPos: z.object({ x: z.int(), y: z.int(), w: z.int(), h: z.int() }),
        targets: z.array(Target).min(1),
      }),
    )
    .min(1),
});

const dashboards = readdirSync(join(root, DASHBOARDS)).map(
  (file) => [file, Dashboard.parse(JSON.parse(readFileSync(join(root, DASHBOARDS, file), 'utf8')))] as const,
);
const rules = Rules.parse(yamlFile('infra/observability/prometheus/alerts.yaml')).groups.flatMap((group) => group.rules);

/** Headings of the operators' guide. */
const headings = [...readFileSync(join(root, 'docs/operations.md'), 'utf8').matchAll(/^#{2,5} (.+)$/gmu)].map(([, text]) => text!);

describe('the dashboards', () => {
  it.each(dashboards)('%s asks for metrics that exist', (_file, { panels }) => {
    for (const { title, targets } of panels)
      for (const { expr } of targets) expect({ title, expr, faults: faultsOf(expr) }).toEqual({ title, expr, faults: [] });
  });

  it.each(dashboards)('%s has variables for what it refers to, and panels that do not overlap', (file, dashboard) => {
    expect(`${dashboard.uid}.json`).toBe(file);
    const variables = new Set(dashboard.templating.list.map(({ name }) => name));
    for (const [, name] of JSON.stringify(dashboard.panels).matchAll(/\$\{?([a-z]+)/gu)) expect(variables).toContain(name);
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, n) => `${x + (n % w)}/${y + Math.floor(n / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  });
});

describe('the alerts', () => {
  it.each(rules.map((rule) => [rule.alert, rule] as const))(
    '%s asks for metrics that exist, and says what to do',
    (_name, { alert, expr, annotations }) => {
      expect(faultsOf(expr)).toEqual([]);
      expect(expr).toMatch(/[<>=]=?\s*[\d.]+$/u);
      expect(annotations.runbook).toBe(`docs/operations.md#${alert.toLowerCase()}`);
      expect(headings).toContain(alert);
      // A template may only name labels that the expression leaves.
      const { groups, metrics: named } = readExpression(expr);
      const left = groups.size > 0 ? groups : new Set([...named.keys()].flatMap((name) => [...metrics.get(name)!]));
      for (const [, label] of annotations.summary.matchAll(/\$labels\.([a-z_]+)/gu)) expect(left).toContain(label);
    },
  );

  it('cover what the reliability of the platform hangs on', () => {
    const asked = rules.map(({ expr }) => expr).join('\n');
    for (const metric of [
      'concord_relay_age_seconds',
      'concord_bus_lag_seconds',
      'concord_parked_keys',
      'concord_commands_waiting',
      'process_start_time_seconds',
      'quantile(0.99',
      '409',
    ])
      expect(asked).toContain(metric);
  });
});

describe('the check of expressions', () => {
  it.each([
    ['concord_relay_age > 5', 'there is no metric concord_relay_age'],
    ['concord_parked_keys{cluster="a"} > 0', 'has no label cluster'],
    ['sum by (shard) (concord_parked_keys) > 0', 'nothing has the label shard'],
    ['concord_http_request_seconds_bucket{le="1"', 'missing'],
    ['sum(rate(concord_http_requests_total[5m])', 'missing'],
    ['rates(concord_http_requests_total[5m]) > 1', 'no function'],
    ['concord_parked_keys{context=} > 0', 'no label matcher'],
    ['concord_parked_keys > > 0', 'stands alone'],
    ['concord_parked_keys{job="a"} 5', 'operator is missing'],
    ['concord_parked_keys; 5', 'unexpected'],
    ['1 > 0', 'names no metric'],
  ])('finds the fault in %s', (expression, words) => {
    expect(faultsOf(expression).join('\n')).toContain(words);
  });

  it('knows the metrics of the code', () => {
    expect(metrics.get('concord_http_requests_total')).toEqual(new Set([...ADDED, 'route', 'status']));
    expect([...metrics.keys()].filter((name) => name.startsWith('concord_')).length).toBeGreaterThanOrEqual(8);
  });
});
