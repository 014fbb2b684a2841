// Spec field to kube-vip variable, release by release. kube-vip reads some 100 variables (variables.ts) and checks hardly any;
// these are all that we ever set. Adding one is a row here and a new golden file.
import { familyOf, hostPrefix } from '../api/addresses.ts';
import { componentName } from '../api/metadata.ts';
import type { Setting, SettingInput } from './settings/row.ts';

export type { EnvValue, Setting, SettingInput } from './settings/row.ts';

const always = (text: string) => (): string => text;
const placed = ({ spec, component }: SettingInput) =>
  component === 'services' ? spec.services : spec.controlPlane;

function controlPlanePrefixes({ spec }: SettingInput, lead: string): string | undefined {
  const lengths = spec.controlPlane?.addresses.map((address) => hostPrefix(familyOf(address) ?? 'IPv4'));
  // The first number is taken for IPv4 and the second for IPv6, whatever the order of the addresses.
  return lengths && lead + [...lengths].sort((a, b) => a - b).join(',');
}

const localApi = ({ spec }: SettingInput): boolean => spec.controlPlane?.apiAccess === 'Local';

const modeSettings: readonly Setting[] = [
  {
    env: 'vip_arp',
    value: always('true'),
    why: 'The one mode of the process. With two modes one wins without a word, and which one differs by release.',
  },
  {
    env: 'vip_leaderelection',
    value: always('true'),
    why: 'Not read under ARP by any release, but it matters the moment a mode changes.',
  },
  {
    env: 'cp_enable',
    only: 'control-plane',
    value: always('true'),
    why: 'Control plane and services never share a process, because losing either Lease ends it.',
  },
  {
    env: 'svc_enable',
    only: 'services',
    value: always('true'),
    why: 'Also the switch for every other svc_ and lb_class_ variable to be read.',
  },
  {
    env: 'vip_arpRate',
    field: 'spec.arp.announceIntervalSeconds',
    value: ({ spec }) => String(spec.announceIntervalSeconds * 1000),
    why: 'spec.arp.announceIntervalSeconds in milliseconds. Control planes up to v0.8.9 announce every 3 s regardless.',
  },
];

const addressSettings: readonly Setting[] = [
  {
    env: 'address',
    only: 'control-plane',
    field: 'spec.controlPlane.addresses',
    value: ({ spec }) => spec.controlPlane?.addresses.join(','),
    why: 'spec.controlPlane.addresses.',
  },
  {
    env: 'port',
    only: 'control-plane',
    field: 'spec.controlPlane.port',
    value: ({ spec }) => spec.controlPlane && String(spec.controlPlane.port),
    why: 'spec.controlPlane.port.',
  },
  {
    env: 'vip_interface',
    field: { 'control-plane': 'spec.controlPlane.interface', services: 'spec.services.interface' },
    value: (input) => placed(input)?.interface,
    why: 'spec.controlPlane.interface or spec.services.interface. Services get it as their main interface, because kube-vip cleans up addresses of Services on that interface only (pkg/vip/address.go).',
  },
  {
    env: 'vip_subnet',
    only: 'control-plane',
    before: 'v0.8.5',
    field: 'spec.controlPlane.addresses',
    value: (input) => controlPlanePrefixes(input, '/'),
    why: 'Host prefix, with the slash that releases up to v0.8.4 append to the address as text.',
  },
  {
    env: 'vip_cidr',
    only: 'control-plane',
    since: 'v0.8.5',
    before: 'v0.9.0',
    field: 'spec.controlPlane.addresses',
    value: (input) => controlPlanePrefixes(input, ''),
    why: 'Host prefix as a number, under the name that these releases read under ARP.',
  },
  {
    env: 'vip_cidr',
    only: 'services',
    since: 'v0.8.5',
    before: 'v0.9.0',
    value: always('32,128'),
    why: 'Host prefix per family, under the name that these releases read under ARP.',
  },
  {
    env: 'vip_subnet',
    only: 'control-plane',
    since: 'v0.9.0',
    field: 'spec.controlPlane.addresses',
    value: (input) => controlPlanePrefixes(input, ''),
    why: 'Host prefix as a number. A shorter one lets kube-vip delete an address of the node.',
  },
  {
    env: 'vip_subnet',
    only: 'services',
    since: 'v0.9.0',
    value: always('32,128'),
    why: 'Host prefix per family. Earlier releases derive it from the address when it is not set.',
  },
];

const electionSettings: readonly Setting[] = [
  {
    env: 'vip_leasename',
    only: 'control-plane',
    field: 'metadata.name',
    value: ({ spec }) => componentName(spec.name, 'control-plane'),
    why: 'Each DaemonSet has a Lease of its own, because two processes on a node with one Lease both lead.',
  },
  {
    env: 'svc_leasename',
    only: 'services',
    field: 'metadata.name',
    value: ({ spec }) => componentName(spec.name, 'services'),
    why: 'Each DaemonSet has a Lease of its own, because two processes on a node with one Lease both lead.',
  },
  {
    env: 'cp_namespace',
    value: ({ namespace }) => namespace,
    why: 'The namespace of the DaemonSet, so that releases before and after v1.1.0 use one Lease.',
  },
  {
    env: 'vip_nodename',
    since: 'v0.8.0',
    value: () => ({ fieldPath: 'spec.nodeName' }),
    why: 'Identity in the election. Earlier releases use the host name.',
  },
  {
    env: 'vip_leaseduration',
    field: 'spec.leaderElection.leaseDurationSeconds',
    value: ({ spec }) => String(spec.election.leaseDurationSeconds),
    why: 'spec.leaderElection.leaseDurationSeconds. Explicit, because the default is 5 s before v1.1.0.',
  },
  {
    env: 'vip_renewdeadline',
    field: 'spec.leaderElection.renewDeadlineSeconds',
    value: ({ spec }) => String(spec.election.renewDeadlineSeconds),
    why: 'spec.leaderElection.renewDeadlineSeconds. Explicit, because the default is 3 s before v1.1.0.',
  },
  {
    env: 'vip_retryperiod',
    field: 'spec.leaderElection.retryPeriodSeconds',
    value: ({ spec }) => String(spec.election.retryPeriodSeconds),
    why: 'spec.leaderElection.retryPeriodSeconds. Explicit, because the default is 1 s before v1.1.0.',
  },
];

// client-go before 0.32 frees the Lease without a deadline: until the connection to an API server that hangs is given up.
const hangSettings = ['HTTP2_READ_IDLE_TIMEOUT_SECONDS', 'HTTP2_PING_TIMEOUT_SECONDS'].map(
  (env): Setting => ({
    env,
    before: 'v0.8.9',
    field: 'spec.leaderElection.renewDeadlineSeconds',
    value: ({ spec }) => String(spec.election.renewDeadlineSeconds),
    why: 'One renew deadline, and another: then a hung connection ends, which else takes 30 and 15 s, with two owners meanwhile.',
  }),
);

const serviceSettings: readonly Setting[] = [
  {
    env: 'svc_election',
    only: 'services',
    value: always('false'),
    why: 'One Lease for all Services. An election per Service has open reports of two owners and of none.',
  },
  {
    env: 'svc_namespace',
    only: 'services',
    field: 'spec.services.namespace',
    value: ({ spec }) => spec.services?.namespace,
    why: 'spec.services.namespace.',
  },
  {
    env: 'lb_class_only',
    only: 'services',
    value: always('true'),
    why: 'The guard against the 0.7 outage. A Service without class is never adopted, whatever its status says.',
  },
  {
    env: 'lb_class_name',
    only: 'services',
    field: 'spec.services.loadBalancerClass',
    value: ({ spec }) => spec.services?.loadBalancerClass,
    why: 'spec.services.loadBalancerClass.',
  },
  {
    env: 'lb_class_legacy_handling',
    only: 'services',
    since: 'v0.8.1',
    value: always('false'),
    why: 'Exact match of the class.',
  },
];

const processSettings: readonly Setting[] = [
  {
    env: 'KUBERNETES_SERVICE_HOST',
    only: 'control-plane',
    field: 'spec.controlPlane.apiAccess',
    value: (input) => (localApi(input) ? { fieldPath: 'status.hostIP' } : undefined),
    why: 'With spec.controlPlane.apiAccess Local kube-vip talks to the API server of its own node. When that dies, the Lease is lost and the address moves (lab run, v1.1.2).',
  },
  {
    env: 'KUBERNETES_SERVICE_PORT',
    only: 'control-plane',
    field: 'spec.controlPlane.port',
    value: (input) => (localApi(input) ? String(input.spec.controlPlane?.port) : undefined),
    why: 'spec.controlPlane.port, with apiAccess Local.',
  },
  {
    env: 'prometheus_server',
    value: ({ metricsPort }) => `:${metricsPort}`,
    why: 'Each DaemonSet has a port of its own, because the default :2112 clashes between two processes on a node.',
  },
  { env: 'vip_loglevel', before: 'v0.8.10', value: always('4'), why: 'Info, in the scale of logrus.' },
  { env: 'vip_loglevel', since: 'v0.8.10', value: always('0'), why: 'Info, in the scale of slog.' },
];

/** Every variable that is ever rendered, in rendering order. */
export const settings: readonly Setting[] = [
  ...modeSettings,
  ...addressSettings,
  ...electionSettings,
  ...hangSettings,
  ...serviceSettings,
  ...processSettings,
];
