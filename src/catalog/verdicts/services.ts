// What each release is worth for Services under ARP with one Lease for all of them, and, for the record only,
// with a Lease per Service, which is never rendered.
import { notSeenYet, rowsOf, threads, type Opinion, type Verdict } from './row.ts';

const noDigest = 'no public record gives the digest of its image, so it cannot be pinned';
const takesNodeAddresses =
  'services take every address that another controller writes into a Service status, those of nodes too, and delete them from the node that has them';
const deletesNodeAddress =
  'an address of a node in the status of a Service of the class is deleted from the node, as in v0.7';
const staysSilent = 'a services leader can stay silent and idle after it lost its Lease';

const line06And07: readonly Opinion[] = [
  {
    versions: ['v0.6.4'],
    verdict: 'caveat',
    because: 'the address of a deleted Service was still bound 4 s later',
    evidence: ['lab run, v0.6.4, split DaemonSets', ...threads(604)],
  },
  {
    versions: ['v0.7.0', 'v0.7.1', 'v0.7.2'],
    verdict: 'avoid',
    because: takesNodeAddresses,
    evidence: [...threads(752, 836), 'tinkerbell/charts#93', 'lab run, v0.7.2'],
  },
];

const line08: readonly Opinion[] = [
  {
    versions: ['v0.8.0'],
    verdict: 'avoid',
    because: `the address of a deleted Service stays, and ${noDigest}`,
    evidence: threads(835),
  },
  {
    versions: ['v0.8.1'],
    verdict: 'avoid',
    because: `it stops with an invalid CIDR address when no mask is set, and ${noDigest}`,
    evidence: threads(885, 891),
  },
  {
    versions: ['v0.8.2'],
    verdict: 'avoid',
    because: `an address stays behind after a network fault, and ${noDigest}`,
    evidence: threads(996),
  },
  { versions: ['v0.8.3', 'v0.8.4'], verdict: 'avoid', because: noDigest, evidence: threads(879, 996) },
  {
    versions: ['v0.8.5'],
    verdict: 'avoid',
    because: `it was replaced within two weeks for a crash at start, and ${noDigest}`,
    evidence: threads(982),
  },
  {
    versions: ['v0.8.6'],
    verdict: 'avoid',
    because: `services that do not fail over are reported, and ${noDigest}`,
    evidence: threads(997),
  },
  {
    versions: ['v0.8.7'],
    verdict: 'caveat',
    because: `${deletesNodeAddress}, and one distribution could not reach addresses that worked before`,
    evidence: ['pkg/manager/watch_services.go@v0.8.7', 'harvester/harvester#8072'],
  },
  {
    versions: ['v0.8.8'],
    verdict: 'avoid',
    because: `the watch of Services dies for good on an old resource version, and ${noDigest}`,
    evidence: threads(1028),
  },
  {
    versions: ['v0.8.9'],
    verdict: 'avoid',
    because: 'addresses go when etcd changes its leader and come back on no node',
    evidence: threads(996, 1112),
  },
  {
    versions: ['v0.8.10'],
    verdict: 'caveat',
    because: `${deletesNodeAddress}, and the reports of addresses with two owners are not declared fixed`,
    evidence: ['pkg/manager/watch_services.go@v0.8.10', ...threads(996)],
  },
];

const line09And10: readonly Opinion[] = [
  {
    versions: ['v0.9.0', 'v0.9.1', 'v0.9.2'],
    verdict: 'caveat',
    because: 'a lost Lease ends the process in a panic',
    evidence: ['pkg/manager/manager_arp.go@v0.9.2'],
  },
  {
    versions: ['v1.0.0'],
    verdict: 'caveat',
    because: 'an address that two Services share is reported on two nodes',
    evidence: threads(1286, 1288),
  },
  {
    versions: ['v1.0.1', 'v1.0.2', 'v1.0.3'],
    verdict: 'caveat',
    because:
      'elections that stall and leave an address on no node are reported, so far only with a Lease per Service',
    evidence: threads(1377, 1425),
  },
  {
    versions: ['v1.0.4'],
    verdict: 'caveat',
    because: 'the same address on several nodes is reported and open',
    evidence: [...threads(1418), 'harvester/harvester#11122'],
  },
];

const line11And12: readonly Opinion[] = [
  {
    versions: ['v1.1.0-rc.0', 'v1.2.0-rc.0'],
    verdict: 'avoid',
    because: `a pre-release, and ${noDigest}`,
    evidence: threads(1553),
  },
  {
    versions: ['v1.1.0'],
    verdict: 'avoid',
    because: 'an election that ended for want of endpoints is not started again, which v1.1.1 fixes',
    evidence: threads(1474, 1477),
  },
  {
    versions: ['v1.1.1'],
    verdict: 'caveat',
    because: 'its handling of failed Services was completed in v1.1.2, ten days later',
    evidence: threads(1478, 1481),
  },
  {
    versions: ['v1.1.2'],
    verdict: 'good',
    because:
      'no serious report was found with one Lease, and a distribution states that lost Leases are handled',
    evidence: ['harvester/harvester#11584', 'lab run, v1.1.2, split DaemonSets'],
  },
  {
    versions: ['v1.2.0', 'v1.2.1', 'v1.2.3'],
    verdict: 'avoid',
    because: staysSilent,
    evidence: [...threads(1747), 'harvester/harvester#11584'],
  },
  {
    versions: ['v1.2.2'],
    verdict: 'avoid',
    because: `its regressions in elections and Leases were fixed in v1.2.3, and ${staysSilent}`,
    evidence: threads(1650, 1665, 1747),
  },
  { versions: ['v1.2.4'], ...notSeenYet },
];

const perService: readonly Opinion[] = [
  {
    versions: ['v0.7.2'],
    verdict: 'avoid',
    because: 'Services with externalTrafficPolicy Local stay pending',
    evidence: threads(790),
  },
  {
    versions: ['v0.8.3', 'v0.8.7', 'v0.8.9'],
    verdict: 'avoid',
    because: 'one address on two nodes is reported',
    evidence: threads(879, 996, 1005),
  },
  {
    versions: ['v1.0.1', 'v1.0.2', 'v1.0.3'],
    verdict: 'avoid',
    because: 'elections stall and leave an address on no node until the pod is restarted',
    evidence: threads(1377),
  },
  {
    versions: ['v1.1.2'],
    verdict: 'caveat',
    because: 'an address that two Services share can be on two nodes',
    evidence: threads(577, 1286),
  },
  {
    versions: ['v1.2.0', 'v1.2.1', 'v1.2.2', 'v1.2.3'],
    verdict: 'avoid',
    because: 'one address on two nodes is reported',
    evidence: threads(1579, 1650, 1775),
  },
];

/** Verdicts on serving Services with one Lease for all of them. */
export const servicesVerdicts: readonly Verdict[] = rowsOf('services', 'global', [
  ...line06And07,
  ...line08,
  ...line09And10,
  ...line11And12,
]);

/** Known, and never rendered: the setting has no field. */
export const perServiceVerdicts: readonly Verdict[] = rowsOf('services', 'per-service', perService);
