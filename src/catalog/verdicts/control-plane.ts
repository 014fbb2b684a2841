// What each release is worth for a control-plane address under ARP, and for two of them.
import { notSeenYet, rowsOf, threads, type Opinion, type Verdict } from './row.ts';

const leavesBehind =
  'the address stays on a node whose pod ends (a deletion of the KubeVipConfig takes it off), until kube-vip starts there again or a person removes it';
const noDigest = 'no public record gives the digest of its image, so it cannot be pinned';

const line06And07: readonly Opinion[] = [
  {
    versions: ['v0.6.4'],
    verdict: 'caveat',
    because: leavesBehind,
    evidence: ['lab run, v0.6.4, 8 of 8 deletions', 'pkg/manager/manager_arp.go@v0.6.4'],
  },
  {
    versions: ['v0.7.0'],
    verdict: 'avoid',
    because: 'nodes lost their own addresses and clusters their network',
    evidence: [...threads(752, 755), 'tinkerbell/charts#93'],
  },
  {
    versions: ['v0.7.1'],
    verdict: 'avoid',
    because: noDigest,
    evidence: threads(752),
  },
  {
    versions: ['v0.7.2'],
    verdict: 'avoid',
    because: `an address stays behind after a crash, and ${noDigest}`,
    evidence: threads(996),
  },
];

const line08: readonly Opinion[] = [
  { versions: ['v0.8.0'], verdict: 'avoid', because: noDigest, evidence: threads(835) },
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
  { versions: ['v0.8.3', 'v0.8.4', 'v0.8.6'], verdict: 'avoid', because: noDigest, evidence: threads(996) },
  { versions: ['v0.8.5'], verdict: 'avoid', because: noDigest, evidence: threads(982) },
  {
    versions: ['v0.8.7'],
    verdict: 'caveat',
    because: leavesBehind,
    evidence: ['lab run, v0.8.7, 8 of 8 deletions', 'pkg/manager/manager_arp.go@v0.8.7', ...threads(996)],
  },
  {
    versions: ['v0.8.8'],
    verdict: 'avoid',
    because: `its tag was pushed three times, and ${noDigest}`,
    evidence: threads(1028),
  },
  {
    versions: ['v0.8.9'],
    verdict: 'caveat',
    because: `${leavesBehind}, and its elections cut connections to the address where v0.8.6 did not`,
    evidence: [
      'lab run, v0.8.9, 6 of 8 deletions',
      'pkg/manager/manager_arp.go@v0.8.9',
      ...threads(996, 1266),
    ],
  },
  {
    versions: ['v0.8.10'],
    verdict: 'caveat',
    because:
      'a lost Lease ends the process in a panic, and the reports of addresses with two owners are not declared fixed',
    evidence: [...threads(996), 'pkg/cluster/clusterLeaderElection.go@v0.8.10'],
  },
];

const line09And10: readonly Opinion[] = [
  {
    versions: ['v0.9.0', 'v0.9.1', 'v0.9.2'],
    verdict: 'caveat',
    because: 'a lost Lease ends the process in a panic',
    evidence: ['pkg/cluster/clusterLeaderElection.go@v0.9.2'],
  },
  {
    versions: ['v1.0.0'],
    verdict: 'caveat',
    because: 'panics in the election cut connections to the address',
    evidence: threads(1266),
  },
  {
    versions: ['v1.0.1', 'v1.0.2', 'v1.0.3'],
    verdict: 'caveat',
    because: 'a lost Lease ends the process in a panic, and elections of this line are reported to stall',
    evidence: [...threads(1377), 'pkg/cluster/clusterLeaderElection.go@v1.0.3'],
  },
  {
    versions: ['v1.0.4'],
    verdict: 'caveat',
    because: 'the same address on several nodes is reported and open',
    evidence: threads(1418),
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
    because: 'v1.1.1 replaced it within two weeks with repairs of elections and announcements',
    evidence: threads(1468, 1477),
  },
  {
    versions: ['v1.1.1'],
    verdict: 'caveat',
    because: 'its error handling was completed in v1.1.2, ten days later',
    evidence: threads(1478, 1481),
  },
  {
    versions: ['v1.1.2'],
    verdict: 'good',
    because:
      'no serious report was found, except that a leader that cannot add the address keeps the Lease with IPVS, which is never rendered',
    evidence: [...threads(1590), 'harvester/harvester#11584', 'lab run, v1.1.2'],
  },
  {
    versions: ['v1.2.0'],
    verdict: 'caveat',
    because: 'a leader that cannot add the address hangs and keeps the Lease, which v1.2.1 fixes',
    evidence: threads(1590, 1594),
  },
  {
    versions: ['v1.2.1'],
    verdict: 'caveat',
    because:
      'v1.2.3 has later fixes to Leases and elections, and nothing was found against a control plane alone',
    evidence: threads(1664, 1668, 1777),
  },
  {
    versions: ['v1.2.2'],
    verdict: 'avoid',
    because: 'its regressions in elections, Leases and API access were fixed in v1.2.3',
    evidence: threads(1654, 1665, 1678),
  },
  {
    versions: ['v1.2.3'],
    verdict: 'good',
    because: 'no report against a control plane alone was found',
    evidence: [...threads(1777), 'lab run, v1.2.3, split DaemonSets'],
  },
  { versions: ['v1.2.4'], ...notSeenYet },
];

const opinions: readonly Opinion[] = [...line06And07, ...line08, ...line09And10, ...line11And12];

const twoAddresses: readonly Opinion[] = [
  {
    versions: ['v0.6.4'],
    verdict: 'avoid',
    because: 'v0.6.4 knows one control-plane address and takes a list for a DNS name',
    evidence: ['pkg/cluster/cluster.go@v0.6.4', 'pkg/vip/address.go@v0.6.4'],
  },
  {
    versions: ['v0.8.4'],
    verdict: 'avoid',
    because: `it panics with two addresses, and ${noDigest}`,
    evidence: threads(971),
  },
];

const ofOne = rowsOf('control-plane', 'global', opinions);
const ofTwo = rowsOf('control-plane-dual-stack', 'global', twoAddresses);

/** Two addresses share one Lease and one process: what is true of one is true of both, unless a row says more. */
export const controlPlaneVerdicts: readonly Verdict[] = ofOne.flatMap((row) => [
  row,
  ofTwo.find(({ version }) => version === row.version) ?? { ...row, feature: 'control-plane-dual-stack' },
]);
