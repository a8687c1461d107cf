// What every object of the rendered chart must keep.
import { appOf, unknownSettings } from './settings.js';

/** A Kubernetes object, as far as the rules look at it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- manifests have many shapes, and a missing part must fail a rule, not a type
export type Manifest = any;

const podOf = ({ kind, spec }: Manifest): Manifest | undefined =>
  ['Deployment', 'Job'].includes(kind) ? spec.template : undefined;
const isSubset = (part: Manifest, whole: Manifest): boolean =>
  Object.entries(part ?? {}).every(([key, value]) => whole?.[key] === value);

/** Everything that is against the rules in one rendering; `names` of ConfigMap keys become settings where they are taken whole. */
export function chartFaults(manifests: readonly Manifest[]): string[] {
  const faults: string[] = [];
  const of = (kind: string) => manifests.filter((one) => one.kind === kind);
  const pods = manifests.flatMap((one) => (podOf(one) ? [{ owner: one, pod: podOf(one) }] : []));
  for (const { owner, pod } of pods) faults.push(...podFaults(`${owner.kind} ${owner.metadata.name}`, owner, pod, of('ConfigMap')));
  for (const deployment of of('Deployment')) {
    const name = `Deployment ${deployment.metadata.name}`;
    const labels = deployment.spec.template.metadata.labels;
    if (!isSubset(deployment.spec.selector.matchLabels, labels)) faults.push(`${name}: its selector does not match its pods`);
    for (const kind of ['PodDisruptionBudget', 'NetworkPolicy']) {
      const selects = of(kind).filter((one) => isSubset((one.spec.selector ?? one.spec.podSelector).matchLabels, labels));
      if (selects.length !== 1) faults.push(`${name}: ${selects.length} objects of kind ${kind} select its pods`);
    }
    if (of('Service').filter((one) => isSubset(one.spec.selector, labels)).length !== 1)
      faults.push(`${name}: not one Service leads to it`);
    for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe'])
      for (const container of deployment.spec.template.spec.containers)
        if (!container[probe]?.httpGet?.path) faults.push(`${name}: ${container.name} has no ${probe}`);
  }
  for (const hpa of of('HorizontalPodAutoscaler')) {
    const target = of('Deployment').find((one) => one.metadata.name === hpa.spec.scaleTargetRef.name);
    if (!target) faults.push(`${hpa.metadata.name}: scales nothing`);
    else if (target.spec.replicas !== undefined) faults.push(`${hpa.metadata.name}: the deployment sets replicas too`);
  }
  for (const ingress of of('Ingress'))
    for (const { http } of ingress.spec.rules)
      for (const { path, backend } of http.paths)
        if (!of('Service').some((one) => one.metadata.name === backend.service.name))
          faults.push(`Ingress ${path}: leads to nothing`);
  if (of('Secret').length > 0) faults.push('the chart makes a Secret: name existing ones');
  const text = JSON.stringify(manifests);
  if (/postgres(ql)?:\/\//u.test(text)) faults.push('the address of a database stands in the open');
  return faults;
}

function podFaults(name: string, owner: Manifest, { spec }: Manifest, configs: readonly Manifest[]): string[] {
  const faults: string[] = [];
  if (!spec.securityContext?.runAsNonRoot || !(spec.securityContext?.runAsUser > 0)) faults.push(`${name}: may run as root`);
  if (spec.securityContext?.seccompProfile?.type !== 'RuntimeDefault') faults.push(`${name}: no seccomp profile`);
  if (spec.automountServiceAccountToken !== false) faults.push(`${name}: gets a token of the cluster`);
  const volumes = new Set((spec.volumes ?? []).map((one: Manifest) => one.name));
  for (const container of spec.containers) {
    const { image, args, env = [], envFrom = [], securityContext, resources, volumeMounts = [] } = container;
    if (!/:\d+\.\d+\.\d+/u.test(image)) faults.push(`${name}: ${image} is not pinned to a version`);
    if (
      !securityContext?.readOnlyRootFilesystem ||
      securityContext?.allowPrivilegeEscalation !== false ||
      !securityContext?.capabilities?.drop?.includes('ALL')
    )
      faults.push(`${name}: may do more than it needs`);
    if (!resources?.requests?.memory || !resources?.requests?.cpu || !resources?.limits?.memory)
      faults.push(`${name}: no resources`);
    for (const mount of volumeMounts)
      if (!volumes.has(mount.name)) faults.push(`${name}: mounts ${mount.name}, which is no volume`);
    const { app, there } = appOf(args?.[0] ?? '');
    if (!there) faults.push(`${name}: starts ${args?.[0]}, which does not exist`);
    const shared = envFrom.flatMap(({ configMapRef }: Manifest) => {
      const config = configs.find((one) => one.metadata.name === configMapRef.name);
      if (!config) faults.push(`${name}: takes its settings from ${configMapRef.name}, which does not exist`);
      return Object.keys(config?.data ?? {});
    });
    const own = env.map((one: Manifest) => one.name);
    if (there) faults.push(...unknownSettings(app, [...new Set<string>([...shared, ...own])]).map((fault) => `${name}: ${fault}`));
    for (const { name: key, value = '' } of env) {
      if (/PASSWORD|SECRET|DATABASE_URL/u.test(key) && !/_FILE$/u.test(key)) faults.push(`${name}: ${key} is a secret in the open`);
      if (/_FILE$/u.test(key) && !volumeMounts.some(({ mountPath }: Manifest) => value.startsWith(`${mountPath}/`)))
        faults.push(`${name}: ${key} names ${value}, which is not mounted`);
    }
    if (owner.kind === 'Job' && !/pre-install,pre-upgrade/u.test(owner.metadata.annotations?.['helm.sh/hook'] ?? ''))
      faults.push(`${name}: does not run before the pods`);
  }
  return faults;
}
