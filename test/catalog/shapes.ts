// What holds for every DaemonSet that is rendered: the proof of each Shape that a hazard names as its fence.
import type { V1DaemonSet, V1PodSpec } from '@kubernetes/client-node';
import semver from 'semver';
import { familyOf } from '../../src/api/addresses.ts';
import type { KubeVipConfig } from '../../src/api/types.ts';
import type { Shape } from '../../src/catalog/hazards/row.ts';
import { rendering } from '../builders.ts';

/** One rendered DaemonSet with the config that it is of. */
export interface Rendered {
  readonly config: KubeVipConfig;
  readonly daemonSet: V1DaemonSet;
  /** Variables by name; a field of the pod as `=path`. */
  readonly env: ReadonlyMap<string, string>;
}

const podOf = ({ daemonSet }: Rendered): V1PodSpec =>
  daemonSet.spec?.template.spec ?? { containers: [{ name: '' }] };

export function renderedOf(config: KubeVipConfig): readonly Rendered[] {
  return rendering(config).map((daemonSet) => {
    const variables = daemonSet.spec?.template.spec?.containers[0]?.env ?? [];
    const env = variables.map(
      ({ name, value, valueFrom }) => [name, value ?? `=${valueFrom?.fieldRef?.fieldPath}`] as const,
    );
    return { config, daemonSet, env: new Map(env) };
  });
}

const isControlPlane = ({ env }: Rendered): boolean => env.has('cp_enable');
const nodeTerms = (rendered: Rendered) =>
  podOf(rendered).affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;

/** The prefixes in the variable that the release reads. v0.6.4 derives that of a Service from its address. */
function prefixes({ env, config }: Rendered): string | undefined {
  const { version } = config.spec;
  const isInNinth = semver.gte(version, 'v0.8.5') && semver.lt(version, 'v0.9.0');
  const [read, other] = isInNinth ? ['vip_cidr', 'vip_subnet'] : ['vip_subnet', 'vip_cidr'];
  return env.has(other) ? 'another variable' : env.get(read);
}

function hasNodeTerm(rendered: Rendered, operator: string): boolean {
  const label = { key: 'node-role.kubernetes.io/control-plane', operator };
  return JSON.stringify(nodeTerms(rendered)) === JSON.stringify([{ matchExpressions: [label] }]);
}

/** Whether a rendered DaemonSet has the shape; undefined where the shape says nothing of it. */
export const shapes: Readonly<Record<Shape, (rendered: Rendered) => boolean | undefined>> = {
  'one function per process': ({ env }) => env.has('cp_enable') !== env.has('svc_enable'),
  'Leases of its own': (rendered) => {
    const { env, daemonSet } = rendered;
    const [mine, other] = isControlPlane(rendered)
      ? ['vip_leasename', 'svc_leasename']
      : ['svc_leasename', 'vip_leasename'];
    return env.get(mine) === daemonSet.metadata?.name && !env.has(other);
  },
  'metrics port of its own': (rendered) => {
    const [port] = podOf(rendered).containers[0]?.ports ?? [];
    return port?.hostPort !== 2112 && rendered.env.get('prometheus_server') === `:${port?.hostPort}`;
  },
  'identity is the node name': ({ env, config }) =>
    semver.gte(config.spec.version, 'v0.8.0') ? env.get('vip_nodename') === '=spec.nodeName' : undefined,
  'host prefix': (rendered) =>
    isControlPlane(rendered) || semver.gte(rendered.config.spec.version, 'v0.8.5')
      ? /^\/?(32|128|32,128)$/.test(prefixes(rendered) ?? '')
      : prefixes(rendered) === undefined,
  'no pod ends by itself': ({ daemonSet }) =>
    JSON.stringify(daemonSet.spec?.updateStrategy) === JSON.stringify({ type: 'OnDelete' }),
  'explicit election timing': ({ env }) => {
    const [lease = 0, renew = 0, retry = 0] = ['leaseduration', 'renewdeadline', 'retryperiod'].map((name) =>
      Number(env.get(`vip_${name}`)),
    );
    return renew > 0 && retry > 0 && lease > 2 * renew + retry;
  },
  // The first release whose client-go ends the attempt to free a Lease by itself.
  'hung connections end': ({ env, config }) =>
    semver.lt(config.spec.version, 'v0.8.9')
      ? ['READ_IDLE', 'PING'].every(
          (name) => env.get(`HTTP2_${name}_TIMEOUT_SECONDS`) === env.get('vip_renewdeadline'),
        )
      : undefined,
  'no probe': (rendered) =>
    podOf(rendered).containers.every(
      ({ livenessProbe, readinessProbe, startupProbe }) => !livenessProbe && !readinessProbe && !startupProbe,
    ),
  'no path of the host': (rendered) =>
    podOf(rendered).volumes === undefined && podOf(rendered).serviceAccountName !== undefined,
  'API server of its own node': (rendered) =>
    isControlPlane(rendered) && rendered.config.spec.controlPlane?.apiAccess !== 'Service'
      ? rendered.env.get('KUBERNETES_SERVICE_HOST') === '=status.hostIP'
      : undefined,
  'control-plane nodes only': (rendered) =>
    isControlPlane(rendered) && rendered.config.spec.controlPlane?.nodeSelector === undefined
      ? hasNodeTerm(rendered, 'Exists')
      : undefined,
  'no toleration for services': (rendered) =>
    !isControlPlane(rendered) && rendered.config.spec.services?.tolerations === undefined
      ? podOf(rendered).tolerations === undefined
      : undefined,
  'image by digest': (rendered) => /@sha256:[a-f0-9]{64}$/.test(podOf(rendered).containers[0]?.image ?? ''),
  'literal addresses of the spec': (rendered) => {
    const found = rendered.env.get('address')?.split(',') ?? [];
    const asked = isControlPlane(rendered) ? (rendered.config.spec.controlPlane?.addresses ?? []) : [];
    return found.join() === asked.join() && found.every((text) => familyOf(text) !== undefined);
  },
};
