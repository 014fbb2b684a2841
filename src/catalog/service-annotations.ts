// Every annotation of kube-vip that a release reads on a Service, and who may write it on a Service of a class of ours. An
// allow-list: config/admission/service-requests.yaml refuses the rest, and what no row names (kube-vip/kube-vip#1173).

/** Who may set an annotation: any account, that of the operator, that of kube-vip, or none. */
export type Writers = 'anyone' | 'operator' | 'kube-vip' | 'none';

/** One annotation of kube-vip on a Service. */
export interface ServiceAnnotation {
  readonly key: string;
  /** The first tag from v0.6.4 on whose source has it; it is there up to v1.2.3. */
  readonly since: string;
  readonly writers: Writers;
  /** Empty and `false` mean what its absence means, so that they are let through. */
  readonly isSwitch: boolean;
  /** What kube-vip does with it, and so why it is let through or refused. */
  readonly because: string;
}

type Cells = readonly [key: string, since: string, because: string];

const rowsFor =
  (writers: Writers, isSwitch = false) =>
  ([key, since, because]: Cells): ServiceAnnotation => ({ key, since, writers, isSwitch, because });

const granted: readonly Cells[] = [
  [
    'kube-vip.io/loadbalancerIPs',
    'v0.6.4',
    'kube-vip binds what it says and compares nothing, so only a grant of the operator may stand there',
  ],
];

// pkg/services/services.go and pkg/endpoints@v1.1.2, pkg/manager/services.go@v0.6.4 and @v0.8.10.
const written: readonly Cells[] = [
  [
    'kube-vip.io/hwaddr',
    'v0.6.4',
    'kube-vip writes the hardware address of its DHCP lease, and asks for it again',
  ],
  [
    'kube-vip.io/requestedIP',
    'v0.6.4',
    'kube-vip writes the address of its DHCP lease, and asks for it again',
  ],
  ['kube-vip.io/active-endpoint', 'v0.6.4', 'kube-vip writes the pod that egress uses, and reads it back'],
  [
    'kube-vip.io/active-endpoint-ipv6',
    'v0.7.0',
    'kube-vip writes the pod that egress uses, and reads it back',
  ],
  [
    'kube-vip.io/egress-nftables-table',
    'v1.2.2',
    'kube-vip writes the table that egress uses, and reads it back',
  ],
];

const free: readonly Cells[] = [
  [
    'kube-vip.io/vipHost',
    'v0.6.4',
    'kube-vip writes the node that has the address, nothing reads it, and a manifest that was read from the cluster has it',
  ],
];

const switches: readonly Cells[] = [
  ['kube-vip.io/ignore', 'v0.6.4', 'the address stays on its node when the Service is deleted'],
  ['kube-vip.io/egress', 'v0.6.4', 'it rewrites the source of pod traffic, which is not offered'],
  ['kube-vip.io/egress-ipv6', 'v0.8.3', 'it is part of egress, which is not offered'],
  ['kube-vip.io/flush-conntrack', 'v0.6.4', 'it ends connections through the node'],
  ['kube-vip.io/ignore-service-security', 'v0.6.4', 'it takes packet filters of the node away'],
  ['kube-vip.io/forwardUPNP', 'v0.8.4', 'it opens ports of the router, which is not offered'],
  [
    'kube-vip.io/forcePerServiceElection',
    'v1.2.2',
    'the Service leaves the election of its class, and is skipped or elected by itself',
  ],
  [
    'kube-vip.io/allow-reconcile-without-endpoints',
    'v1.2.1',
    'no release that may be chosen for Services reads it',
  ],
  ['kube-vip.io/dhcp-broadcast', 'v1.2.1', 'it is part of DHCP, which is not offered'],
  [
    'development.kube-vip.io/synthetic-api-server-error-on-update',
    'v0.8.9',
    'it makes the writes of kube-vip fail, for tests of its own',
  ],
];

const refused: readonly Cells[] = [
  ['kube-vip.io/loadbalancerHostname', 'v0.6.4', 'it is a name for DHCP, which is not offered'],
  ['kube-vip.io/serviceInterface', 'v0.8.0', 'it beats the interface that is rendered'],
  ['kube-vip.io/serviceVLAN', 'v1.2.0', 'it makes an interface on the node'],
  ['kube-vip.io/macvlanName', 'v1.2.0', 'it makes an interface on the node'],
  ['kube-vip.io/rp_filter', 'v1.0.0', 'it changes the reverse path filter of an interface'],
  ['kube-vip.io/leaseName', 'v1.0.1', 'the Service leaves the Lease of its class'],
  ['kube-vip.io/ddns', 'v1.0.3', 'it registers names, which is not offered'],
  ['kube-vip.io/upnp-lease-duration', 'v1.0.3', 'it is part of UPnP, which is not offered'],
  ['kube-vip.io/egress-internal', 'v1.0.0', 'it is part of egress, which is not offered'],
  ['kube-vip.io/egress-destination-ports', 'v0.6.4', 'it is part of egress, which is not offered'],
  ['kube-vip.io/egress-source-ports', 'v0.6.4', 'it is part of egress, which is not offered'],
  ['kube-vip.io/egress-allowed-networks', 'v0.8.8', 'it is part of egress, which is not offered'],
  ['kube-vip.io/egress-denied-networks', 'v0.8.8', 'it is part of egress, which is not offered'],
  ['kube-vip.io/egress-no-internal-traffic', 'v1.2.2', 'it is part of egress, which is not offered'],
  ['kube-vip.io/egress-detect-api-server', 'v1.2.2', 'it is part of egress, which is not offered'],
];

/** Every row, in the order of what may be done with it. */
export const serviceAnnotationRows: readonly ServiceAnnotation[] = [
  ...granted.map(rowsFor('operator')),
  ...free.map(rowsFor('anyone')),
  ...written.map(rowsFor('kube-vip')),
  ...switches.map(rowsFor('none', true)),
  ...refused.map(rowsFor('none')),
];

/** What kube-vip's own account writes on a Service, besides its status; refusing one would hold up a fail-over. */
export const writtenByKubeVip: readonly string[] = [...free, ...written].map(([key]) => key);
