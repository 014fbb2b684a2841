// What another kube-vip is told, by a variable or by the flag that sets the same: people write `--services` in a static
// pod as often as svc_enable. Read in cmd/kube-vip.go and pkg/kubevip/config_environment.go, v0.6.4 to v1.2.3.
import semver from 'semver';
import { variables } from '../../catalog/variables.ts';
import type { Workload } from './survey.ts';
import { flagsOf, valuesOf } from './flags.ts';

/** The flag of each variable that is judged or named; those that are not here have none. */
export const flagOfVariable: Readonly<Record<string, readonly string[]>> = {
  address: ['--address'],
  bgp_attach_ip_to_interface: ['--bgpAttachIPToInterface'],
  bgp_enable: ['--bgp'],
  cp_detect: ['--autodetectcp'],
  cp_enable: ['--controlplane'],
  cp_namespace: ['--namespace', '-n'],
  dhcp_backoff_attempts: ['--dhcpBackoffAttempts'],
  dhcp_mode: ['--dhcpMode'],
  dns_mode: ['--dnsMode'],
  egress_withnftables: ['--egressWithNftables'],
  enable_node_labeling: ['--enableNodeLabeling'],
  health_check_port: ['--healthCheckPort'],
  k8s_config_file: ['--k8sConfigPath'],
  lb_class_legacy_handling: ['--lbClassNameLegacyHandling'],
  lb_class_name: ['--lbClassName'],
  lb_class_only: ['--lbClassOnly'],
  lb_enable: ['--enableLoadBalancer'],
  lb_fwdmethod: ['--lbForwardingMethod'],
  lb_port: ['--lbPort'],
  mirror_dest_interface: ['--mirrorDestInterface'],
  per_service_election_on_demand: ['--perServiceElectionOnDemand'],
  svc_election: ['--servicesElection'],
  svc_enable: ['--services'],
  svc_leasename: ['--servicesLeaseName'],
  vip_address: ['--vip'],
  vip_allow_interface_not_up: ['--allowInterfaceNotUp'],
  vip_arp: ['--arp'],
  vip_ddns: ['--ddns'],
  vip_leaderelection: ['--leaderElection'],
  vip_leasename: ['--leaseName'],
  vip_loseleadership: ['--loseLeadership'],
  vip_preserve_on_leadership_loss: ['--preserveVipOnLeadershipLoss'],
  vip_routingtable: ['--table'],
  vip_wireguard: ['--wireguard'],
};

const isTrue = (text: string): boolean => /^(1|t|true)$/i.test(text);

/** Whether a text is none, or turns a switch off. */
export const isOff = (text: string): boolean => /^(|0|f|false)$/i.test(text);

const rowOf = (name: string) => variables.find((row) => row.name === name);
const isSwitch = (name: string): boolean => rowOf(name)?.type === 'boolean';

/** Its release as the tag of its image says, for example `v0.7.2`; that of a mirror may have something behind it. */
export function versionOf({ images }: Workload): string | undefined {
  const tags = images.flatMap((image) => /:v?(\d+\.\d+\.\d+)[^/]*$/.exec(image)?.[1] ?? []);
  const found = tags.find((tag) => semver.valid(tag) !== null);
  return found && `v${found}`;
}

/** Whether it is of this release or a later one; false when its image hides its release. */
export function isSince(workload: Workload, first: string): boolean {
  const version = versionOf(workload);
  return version !== undefined && semver.gte(version, first);
}

// From v0.8.1 on it may be set empty, to serve Services without a class. Where the release is not known, that is feared.
const mayBeEmpty = (workload: Workload, name: string): boolean =>
  name === 'lb_class_name' && (versionOf(workload) === undefined || isSince(workload, '0.8.1'));

// The variables of Services are looked at only where svc_enable is one: beside `--services` they say nothing.
const isLookedAt = ({ env }: Workload, name: string): boolean =>
  !/^(svc_|lb_class_)/.test(name) || name === 'svc_enable' || (env['svc_enable'] ?? '') !== '';

function variableOf(workload: Workload, name: string): string | undefined {
  const text = isLookedAt(workload, name) ? workload.env[name] : undefined;
  return text === '' && !mayBeEmpty(workload, name) ? undefined : text;
}

// A switch takes no argument of its own: in `--services false` the second word is nobody's.
const switched = (args: readonly string[], flag: string): readonly string[] =>
  args.flatMap((text) => {
    const [name, value = 'true'] = text.split('=');
    return name === flag ? [value] : [];
  });

function flagged({ args }: Workload, name: string): string | undefined {
  const names = flagOfVariable[name] ?? [];
  const read = isSwitch(name)
    ? switched
    : (all: readonly string[], flag: string) => valuesOf(flagsOf(all), flag);
  return names.flatMap((flag) => read(args, flag)).at(-1);
}

// A text that is neither stops the process; it is kept as it is, to be found wrong.
function asSwitch(text: string): string {
  return isTrue(text) ? 'true' : isOff(text) ? 'false' : text;
}

/**
 * What it is told, or undefined; a switch as `true` or `false`, however it is written. The environment is read after the
 * flags in every release, and wins; a variable that is empty counts as none.
 */
export function settingOf(workload: Workload, name: string): string | undefined {
  const text = variableOf(workload, name) ?? flagged(workload, name);
  return text !== undefined && isSwitch(name) ? asSwitch(text) : text;
}

/** The same, and what holds where it is told nothing. */
export const effectiveOf = (workload: Workload, name: string): string =>
  settingOf(workload, name) ?? rowOf(name)?.default ?? '';

/** Whether a switch of a foreign kube-vip is on. One that it is not told is off. */
export const isOn = (workload: Workload, name: string): boolean => settingOf(workload, name) === 'true';
