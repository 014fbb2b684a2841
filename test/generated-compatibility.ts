// docs/compatibility.md: the releases of Kubernetes, and what the older ones lack.
import semver from 'semver';
import {
  kubernetesFeatures,
  kubernetesReleases,
  oldestKubernetes,
  type KubernetesFeature,
} from '../src/catalog/kubernetes.ts';
import { generatedNote, table } from './markdown.ts';

const isAfter = (since: string, minor: string): boolean => semver.gt(`${since}.0`, `${minor}.0`);

const missingIn = (minor: string): string =>
  kubernetesFeatures
    .filter(({ since }) => isAfter(since, minor))
    .map(({ what }) => what)
    .join(', ') || 'nothing';

const features = (rows: readonly KubernetesFeature[]): string =>
  table(
    ['what', 'since', 'what the operator does with it', 'what you lose without it'],
    rows.map(({ what, since, use, without }) => [what, since, use, without]),
  );

/** The whole document. */
export function compatibilityDoc(): string {
  const isFloor = ({ since }: KubernetesFeature): boolean => !isAfter(since, oldestKubernetes);
  return (
    `${generatedNote}# Releases of Kubernetes\n\n` +
    `You need Kubernetes ${oldestKubernetes} or newer. Every fence holds on every release in this table.\n\n` +
    table(
      ['Kubernetes', 'API server that the tests ran against', 'what is missing there'],
      kubernetesReleases.map(({ minor, tested }) => [minor, tested, missingIn(minor)]),
    ) +
    '\n## What the older releases lack\n\n' +
    features(kubernetesFeatures.filter((row) => !isFloor(row))) +
    `\n## Why no release before ${oldestKubernetes}\n\n` +
    `On an older release the operator writes nothing. Its log and \`/readyz\` say which release it found and which it expects. It looks again every 30 s, and begins when the API server is new enough. A release that is newer than the table is a warning of preflight (\`kubernetes-is-untested\`).\n\n` +
    features(kubernetesFeatures.filter(isFloor)) +
    '\n## How this is tested\n\n' +
    `\`make test\` runs on the newest release of the table. \`make test-kubernetes VERSION=${oldestKubernetes}\` builds the API server of another release as a Go module, keeps it in the cache of the lab, and runs the API tests against it. ` +
    'A test asks that API server for each row of these tables (`test/api-server/compatibility.test.ts`). ' +
    'Where an API server says something in other words, the test expects those words (`test/api-server/kubernetes.ts`). No test is left out for a release.\n\n' +
    'Nodes, controllers and kube-vip run with the newest release only. LeaseCandidates and other alpha and beta APIs are not used.\n\n' +
    'The operator compares resource versions as numbers. Kubernetes promises since 1.35 that they are, and etcd has always made them so.\n'
  );
}
