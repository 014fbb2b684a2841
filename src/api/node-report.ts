// What the operator asks the probe of a node, and what the probe says: the whole contract between the two.

/** What one run of the probe is asked, the same on every node. */
export interface ProbeRequest {
  /** Names the run: a report that repeats it answers this request and no earlier one. */
  readonly run: string;
  /** Network interface to look at; undefined: that of the default route. */
  readonly interface: string | undefined;
  /** Addresses that should be nobody's. */
  readonly addresses: readonly string[];
  /** TCP port at which {@link addresses} are tried. */
  readonly connectPort: number;
  /** TCP ports of the node that should be free. */
  readonly ports: readonly number[];
}

/** What a node says of the network interface that would get the address. */
export interface InterfaceReport {
  readonly name: string;
  /** Administratively up, and with a carrier. */
  readonly isUp: boolean;
  /** Lower case with colons. */
  readonly mac: string;
  /** For example `203.0.113.11/24`; none while the interface is down. */
  readonly subnets: readonly string[];
}

/** An address that somebody else than this node answers for. */
export interface Answer {
  readonly address: string;
  /** Who answered ARP; undefined for IPv6 and for an address behind a router. */
  readonly mac?: string;
}

/** Where on a node an address is. */
export interface Place {
  readonly address: string;
  readonly interface: string;
  /** As `ip address delete` wants it, for example `203.0.113.100/32`. */
  readonly cidr: string;
}

/** All that one probe pod found on its node. It is the pod's termination message, as JSON. */
export interface NodeReport {
  readonly run: string;
  /** What the node calls itself, as kube-vip there is told; undefined: an older probe. */
  readonly hostName?: string;
  /** Undefined when the node does not have it. */
  readonly interface?: InterfaceReport;
  /**
   * Of every interface that may answer ARP for an address of the node, whichever has it, as Linux does by default. Lower
   * case with colons, at most 16; undefined: an older probe.
   */
  readonly macs?: readonly string[];
  /** What there is instead, at most ten names. */
  readonly otherInterfaces: readonly string[];
  /** Of the addresses that were asked, those that this node has, on whatever interface. */
  readonly bound: readonly string[];
  /** Where those are; not known of one on an interface without a carrier. */
  readonly places?: readonly Place[];
  readonly answered: readonly Answer[];
  /** Next hops of the default routes of both families; undefined: an older probe. */
  readonly gateways?: readonly string[];
  /** Of the ports that were asked, those that something listens on. */
  readonly takenPorts: readonly number[];
  /** Slowest of several requests to the API server, in milliseconds; undefined when none was answered. */
  readonly apiSlowestMs?: number;
  /** Why a request was not answered. */
  readonly apiError?: string;
}

/** Variable of the probe's environment that holds the request as JSON. */
export const requestVariable = 'PROBE_REQUEST';

/** The kubelet keeps this many bytes of a termination message. */
export const longestReport = 4096;

/** The report in a termination message, or undefined when it is none or answers another run. */
export function parseReport(message: string | undefined, run: string): NodeReport | undefined {
  // Cheap first: with thousands of nodes this is asked often, and mostly about pods that have said nothing.
  if (message === undefined || !message.includes(run)) {
    return undefined;
  }
  try {
    const report = JSON.parse(message) as NodeReport;
    return report.run === run ? report : undefined;
  } catch {
    return undefined;
  }
}

/** The MAC addresses that a report tells, lower case, each with its interface where that is told; none in a text that is no report. */
export function macsInReport(
  message: string,
): readonly { readonly mac: string; readonly interface: string | undefined }[] {
  try {
    const { interface: nic, macs = [] } = JSON.parse(message) as Partial<NodeReport>;
    const all = new Set([...macs, ...(nic ? [nic.mac] : [])].filter((mac) => mac !== ''));
    return [...all].map((mac) => ({ mac, interface: nic?.mac === mac ? nic.name : undefined }));
  } catch {
    return [];
  }
}
