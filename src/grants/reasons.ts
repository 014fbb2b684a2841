// Reasons of the events on a Service, a sentence each. The table makes the documentation.

/** Every reason of an event on a Service of our classes, with one sentence for the documents. */
export const grantReasons = {
  AddressGranted: 'The operator gave the Service what it asks for: kube-vip binds it.',
  AddressAssigned:
    'The operator gave the Service an address that it did not ask for. The Service keeps it until it is deleted.',
  AddressWithdrawn: 'The Service asks for nothing any more, so the operator took its grant away.',
  AddressKept: 'The Service keeps an address that the operator would not grant today.',
  GrantWaits:
    'The operator cannot judge the request yet, or asks on the network whether a node has the address. The event says what it waits for.',
  AddressInvalid: 'What the Service asks for cannot be read.',
  NoKubeVipConfig: 'The class of the Service begins with kubevip.dev/, and no KubeVipConfig serves it.',
  NamespaceNotServed: 'The KubeVipConfig of the class serves another namespace.',
  NoPool:
    'The KubeVipConfig of the class has no pools, or none of which it may choose an address for the Service.',
  PoolExhausted: 'The Service asks for nothing, and no address of the pools is free.',
  ConfigNotAccepted: 'The spec of the KubeVipConfig is not accepted, so it grants nothing new.',
  ConfigSuspended:
    'The KubeVipConfig is suspended and its nodes were not asked before, so it grants nothing new.',
  ConfigNotReady: 'An address is granted, and the KubeVipConfig has no kube-vip that puts it on a node.',
  NotPublished:
    'An address is granted, and kube-vip has not put it on a node for ten seconds. From v1.2.0 on it wants a ready endpoint first.',
  AddressNotInPool: 'No pool of the KubeVipConfig of the class has the address.',
  PoolNotForService: 'The pool of the address is for other namespaces, or for Services with other labels.',
  AddressReserved: 'The pool leaves the address out, by reserved or avoidBuggyIPs.',
  AddressOfOtherPool: 'A pool of an older KubeVipConfig has the address.',
  AddressOfControlPlane: 'The address is that of the API servers.',
  AddressOfNode: 'The address is that of a node.',
  AddressOfGateway: 'The address is that of a router of the nodes.',
  AddressOfSubnet: 'The address is the first or the last one of a subnet of the nodes.',
  AddressOfNetwork: 'The address is inside the network of pods or Services.',
  AddressOfOtherBalancer:
    'A pool of MetalLB, Cilium or the cloud provider of kube-vip has the address, and gives it away, too.',
  AddressTaken: 'Another Service has the address, and they do not share it.',
  AddressResting:
    'A Service of another class had the address, and its kube-vip may still bind it or have it on a node.',
  AddressLeftBehind:
    'A machine answers for the address, or kube-vip may have left it on a node: its Service became another type, or was deleted with v0.6.4.',
} as const;

/** Name of a reason of such an event. No other text is written as one. */
export type GrantReason = keyof typeof grantReasons;
