// What the chart refuses before anything is applied, and the sentence for it.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { chartFolder } from '../../chart/chart.ts';
import { startApiServer, type ApiServer } from '../../lab/api-server.ts';
import { helm } from '../../lab/helm.ts';
import { rendered } from './rendering.ts';

jest.setTimeout(60_000);

const sentenceOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'it is taken',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

const digest = `sha256:${'0'.repeat(64)}`;

describe('values', () => {
  it.each<[string, object, string]>([
    ['of the wrong type', { replicas: 'two' }, "at '/replicas': got string, want integer"],
    ['out of range', { replicas: 0 }, "at '/replicas': minimum: got 0, want 1"],
    ['that the chart has not', { replica: 1 }, "at '': additional properties 'replica' not allowed"],
    [
      'deep down that the chart has not',
      { monitoring: { podMonitor: { enable: true } } },
      "at '/monitoring/podMonitor': additional properties 'enable' not allowed",
    ],
    [
      'of another list',
      { options: { logLevel: 'loud' } },
      "at '/options/logLevel': value must be one of 'trace', 'debug', 'info', 'warn', 'error'",
    ],
    ['that YAML reads as a number', { labels: { cost: 42 } }, "at '/labels/cost': got number, want string"],
    [
      'of no digest',
      { image: { digest: 'sha256:abc' } },
      "at '/image/digest': 'sha256:abc' does not match pattern",
    ],
    [
      'with a tag in the repository',
      { image: { repository: 'example.org/a:v1' } },
      "at '/image/repository': 'example.org/a:v1' does not match pattern",
    ],
    [
      'without the digest that they ask for',
      { image: { requireDigest: true } },
      'image.digest: expected sha256: and 64 digits because image.requireDigest is true, found none; take the digest from the notes of the release',
    ],
    [
      'with a probe without that digest',
      { image: { requireDigest: true, digest }, options: { probeImage: 'a.io/b:v1' } },
      'options.probeImage: expected an image with a digest because image.requireDigest is true, found a.io/b:v1; add @sha256: and its digest',
    ],
    [
      'with one port for two',
      { options: { healthPort: 8080 } },
      'options.metricsPort: expected another port than options.healthPort, found 8080 for both; change one',
    ],
    [
      'with a label that selects the pods',
      { labels: { 'app.kubernetes.io/name': 'mine' } },
      'labels: expected no label that the chart or Helm sets itself, found app.kubernetes.io/name; take it out',
    ],
  ])('%s are refused', async (_, values, sentence) => {
    expect(await sentenceOf(rendered(values))).toContain(sentence);
  });
});

describe('a cluster', () => {
  it.each<[string, readonly string[], object, string]>([
    [
      'that is too old',
      ['--kube-version', '1.30.14'],
      {},
      'chart requires kubeVersion: >=1.31.0-0 which is incompatible with Kubernetes v1.30.14',
    ],
    [
      'without admission policies',
      ['--api-versions', 'apps/v1/Deployment'],
      {},
      'API server: expected admissionregistration.k8s.io/v1 ValidatingAdmissionPolicy, found none; take what turns it off out of --runtime-config of the API servers',
    ],
    [
      'without bindings of admission policies',
      ['ValidatingAdmissionPolicy', ''].flatMap((kind) => [
        '--api-versions',
        kind ? `admissionregistration.k8s.io/v1/${kind}` : 'apps/v1/Deployment',
      ]),
      {},
      'API server: expected admissionregistration.k8s.io/v1 ValidatingAdmissionPolicyBinding, found none',
    ],
    [
      'without the Prometheus operator',
      [],
      { monitoring: { alerts: { enabled: true } } },
      'monitoring.alerts.enabled: expected a cluster that serves monitoring.coreos.com/v1 PrometheusRule, found none; install the Prometheus operator first',
    ],
  ])('%s is refused', async (_, flags, values, sentence) => {
    const template = helm(['template', 'kube-vip-operator', chartFolder, ...flags], values);
    expect(await sentenceOf(template)).toContain(sentence);
  });

  it.each(['1.31.0', '1.31.4-eks-1', '1.36.3', 'v1.34.1+k3s1'])('of %s is new enough', async (version) => {
    expect(Object.keys(await rendered({}, '--kube-version', version))).not.toEqual([]);
  });
});

describe('a cluster whose API servers have the policies turned off', () => {
  let api: ApiServer;

  beforeAll(async () => {
    const off = ['validatingadmissionpolicies', 'validatingadmissionpolicybindings'].map(
      (name) => `admissionregistration.k8s.io/v1/${name}=false`,
    );
    api = await startApiServer({
      flags: {
        'runtime-config': off.join(','),
        // Without the API its admission plug-in keeps an API server from starting.
        'disable-admission-plugins': 'ValidatingAdmissionPolicy',
      },
    });
  }, 60_000);

  afterAll(() => api?.stop());

  it('gets the sentence and nothing else', async () => {
    const flags = ['--namespace', 'kube-system', '--kubeconfig', api.kubeconfig];
    expect(await sentenceOf(helm(['install', 'kube-vip-operator', chartFolder, ...flags]))).toContain(
      'API server: expected admissionregistration.k8s.io/v1 ValidatingAdmissionPolicy, found none',
    );
    expect(await api.kubectl('get', 'crd,clusterrole,namespace', '-o', 'name')).not.toMatch(/kube-?vip/);
  });
});
