// What a node knows of its own network: the interface that kube-vip would use, and the addresses it has.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { addressOrName } from '../api/addresses.ts';
import type { InterfaceReport, NodeReport, Place, ProbeRequest } from '../api/node-report.ts';
import {
  defaultGateways,
  defaultGateways6,
  defaultRouteInterface,
  defaultRouteInterface6,
  localAddresses,
  localAddresses6,
} from './kernel-tables.ts';

const mostNames = 10;
const mostSubnets = 8;
const mostMacs = 16;
const isUpFlag = 0x1;
// `unknown` is what devices without a carrier say: dummy, tun.
const workingStates = ['up', 'unknown'];

/** A file of the kernel; empty where it is not there, such as IPv6 tables on a node without IPv6. */
export function readKernel(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

const attribute = (name: string, file: string): string => readKernel(`/sys/class/net/${name}/${file}`).trim();

function describeInterface(name: string): InterfaceReport | undefined {
  const flags = attribute(name, 'flags');
  if (flags === '') {
    return undefined;
  }
  const isUp = (Number(flags) & isUpFlag) !== 0 && workingStates.includes(attribute(name, 'operstate'));
  const subnets = (networkInterfaces()[name] ?? [])
    .map(({ cidr }) => cidr ?? '')
    .filter((cidr) => cidr !== '');
  return {
    name,
    isUp,
    mac: attribute(name, 'address').toLowerCase(),
    subnets: subnets.slice(0, mostSubnets),
  };
}

/** One interface, as its MAC addresses are chosen. */
export interface Nic {
  readonly mac: string;
  /** There is hardware behind it. */
  readonly isDevice: boolean;
  readonly addresses: readonly string[];
}

const noMac = /^(00:00:00:00:00:00)?$/;
// Each pod has an interface on its node, with a link-local address and nothing else.
const isLocal = (address: string): boolean => /^fe[89ab]/i.test(address);

/** The MAC addresses with which a node may answer ARP: of its devices first, then of what else has an address. */
export function macsOf(nics: readonly Nic[]): readonly string[] {
  const rest = nics.filter(({ isDevice, addresses }) => !isDevice && !addresses.every(isLocal));
  const macs = [...nics.filter(({ isDevice }) => isDevice), ...rest]
    .map(({ mac }) => mac.toLowerCase())
    .filter((mac) => !noMac.test(mac));
  return [...new Set(macs)].slice(0, mostMacs);
}

/** The MAC addresses of this node. */
export function lookAtMacs(): readonly string[] {
  const here = networkInterfaces();
  return macsOf(
    interfaceNames().map((name) => ({
      mac: attribute(name, 'address'),
      isDevice: existsSync(`/sys/class/net/${name}/device`),
      addresses: (here[name] ?? []).map(({ address }) => address),
    })),
  );
}

function interfaceNames(): readonly string[] {
  try {
    return readdirSync('/sys/class/net').filter((name) => name !== 'lo');
  } catch {
    return Object.keys(networkInterfaces()).filter((name) => name !== 'lo');
  }
}

/** The interface that was asked for, or that of the default route. */
export function lookAtInterface({
  interface: asked,
}: ProbeRequest): Pick<NodeReport, 'interface' | 'otherInterfaces'> {
  const name =
    asked ??
    defaultRouteInterface(readKernel('/proc/net/route')) ??
    defaultRouteInterface6(readKernel('/proc/net/ipv6_route'));
  const found = name === undefined ? undefined : describeInterface(name);
  return found
    ? { interface: found, otherInterfaces: [] }
    : { otherInterfaces: interfaceNames().slice(0, mostNames) };
}

/** Next hops of the default routes of both families. */
export function gateways(): readonly string[] {
  return [
    ...defaultGateways(readKernel('/proc/net/route')),
    ...defaultGateways6(readKernel('/proc/net/ipv6_route')),
  ].slice(0, mostNames);
}

/** Of some addresses, those that this node has. */
export function boundAddresses(addresses: readonly string[]): readonly string[] {
  const here = new Set([
    ...localAddresses(readKernel('/proc/net/fib_trie')),
    ...localAddresses6(readKernel('/proc/net/if_inet6')),
    ...Object.values(networkInterfaces()).flatMap((rows = []) =>
      rows.map(({ address }) => addressOrName(address)),
    ),
  ]);
  return addresses.filter((address) => here.has(address));
}

/** Interface and prefix of addresses that this node has. */
export function placesOf(addresses: readonly string[]): readonly Place[] {
  return Object.entries(networkInterfaces()).flatMap(([name, rows = []]) =>
    rows.flatMap(({ address: text, cidr }) => {
      const address = addressOrName(text);
      return cidr !== null && addresses.includes(address) ? [{ address, interface: name, cidr }] : [];
    }),
  );
}
