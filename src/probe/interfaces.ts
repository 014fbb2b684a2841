// What a node knows of its own network: the interface that kube-vip would use, and the addresses it has.
import { readdirSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
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
    ...Object.values(networkInterfaces()).flatMap((rows) => rows?.map(({ address }) => address) ?? []),
  ]);
  return addresses.filter((address) => here.has(address));
}

/** Interface and prefix of addresses that this node has. */
export function placesOf(addresses: readonly string[]): readonly Place[] {
  return Object.entries(networkInterfaces()).flatMap(([name, rows = []]) =>
    rows
      .filter(({ address, cidr }) => cidr !== null && addresses.includes(address))
      .map(({ address, cidr }) => ({ address, interface: name, cidr: cidr ?? '' })),
  );
}
