// From an earlier operator to this one and back, and then to nothing, as docs/install.md says it, on a real cluster, with
// the addresses watched all the time. The CRD is older than the operator on the way up, and newer on the way down.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseAllDocuments, stringify } from 'yaml';
import { earlierOperator, hasCommit, type EarlierOperator } from './earlier-operator.ts';
import { conditionOf, untilReady } from './install.ts';
import { startLab, type Lab } from './lab.ts';
import { waitFor, within } from './process.ts';
import type { Sampler } from './sampler.ts';

// The oldest operator that an upgrade is promised from.
const commit = 'f976760745fce211521f9e0da0f2cfabec31a8bb';
const vip = '203.0.113.100';
const serviceVip = '203.0.113.110';
const namespace = 'kube-vip-system';
const config = stringify({
  apiVersion: 'kubevip.dev/v1alpha1',
  kind: 'KubeVipConfig',
  metadata: { name: 'edge' },
  spec: { version: 'v1.1.2', mode: 'ARP', controlPlane: { addresses: [vip] }, services: {} },
});
const service = stringify({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', annotations: { 'kube-vip.io/loadbalancerIPs': serviceVip } },
  spec: {
    type: 'LoadBalancer',
    loadBalancerClass: 'kubevip.dev/edge',
    selector: { app: 'web' },
    ports: [{ port: 80 }],
  },
});

interface Manifest {
  readonly kind: string;
}

/** Manifests without the objects of one kind, and those alone. */
function split(manifests: string, kind: string): { readonly of: string; readonly others: string } {
  const all = parseAllDocuments(manifests).map((document) => document.toJS() as Manifest);
  // JSON: kubectl reads YAML 1.1, in which On without quotes is true.
  const text = (rows: readonly Manifest[]): string => rows.map((row) => JSON.stringify(row)).join('\n---\n');
  return {
    of: text(all.filter((row) => row.kind === kind)),
    others: text(all.filter((row) => row.kind !== kind)),
  };
}

const known = await hasCommit(commit);
if (!known)
  process.stdout.write(`upgrade: not run, this clone has no commit ${commit}; git fetch --unshallow\n`);
const suite = known ? describe : describe.skip;

suite('the operator on a real cluster', () => {
  let lab: Lab;
  let sampler: Sampler;
  let earlier: EarlierOperator;
  let now: ReturnType<typeof split>;
  let before: ReturnType<typeof split>;
  let pods = '';

  const inNamespace = (...args: string[]): Promise<string> => lab.kubectl('-n', namespace, ...args);

  /** The pods of kube-vip: which, when they began, how often their containers began again. */
  const kubeVips = (): Promise<string> => {
    const path =
      '{range .items[*]}{.metadata.uid} {.status.containerStatuses[0].containerID} {.status.containerStatuses[0].restartCount}{"\\n"}{end}';
    // Not the probes, which end.
    return inNamespace('get', 'pods', '-l', 'kubevip.dev/config=edge', '-o', `jsonpath=${path}`);
  };

  const readySince = (): Promise<string> =>
    lab.kubectl(
      'get',
      'kvc',
      'edge',
      '-o',
      'jsonpath={.status.conditions[?(@.type=="Ready")].status} {.status.conditions[?(@.type=="Ready")].lastTransitionTime}',
    );

  /** What preflight says of the CRD; empty where it is content. */
  const saidOfCrd = (): Promise<string> =>
    lab.kubectl(
      'get',
      'kvc',
      'edge',
      '-o',
      'jsonpath={.status.preflight[?(@.check=="crd-is-older")].message}',
    );

  const everythingDeleted = (): Promise<string> =>
    lab.kubectl('delete', '-k', join('config', 'default'), '--ignore-not-found', '--wait=false');

  /** Applies manifests as a person does, and waits for the operator that they name. */
  async function apply(manifests: string): Promise<void> {
    await lab.apply(manifests);
    await inNamespace('rollout', 'status', 'deployment/kube-vip-operator', within(240));
    const leads = async (): Promise<boolean> => {
      const holder = await inNamespace(
        'get',
        'lease',
        'kube-vip-operator',
        '-o',
        'jsonpath={.spec.holderIdentity}',
      );
      const names = await inNamespace(
        'get',
        'pods',
        '-l',
        'app.kubernetes.io/name=kube-vip-operator',
        '-o',
        'name',
      );
      return names.split('\n').includes(`pod/${holder}`);
    };
    await waitFor('one of these operators to lead', leads, { seconds: 60, everyMs: 250 });
  }

  const expectAsBefore = async (): Promise<void> => {
    await untilReady(lab, 'edge', 120);
    expect(await kubeVips()).toBe(pods);
    expect(await lab.owners(vip)).toHaveLength(1);
    expect(await lab.owners(serviceVip)).toHaveLength(1);
  };

  beforeAll(async () => {
    earlier = await earlierOperator(commit);
    before = split(earlier.manifests, 'CustomResourceDefinition');
    const log = (line: string): void => void process.stdout.write(`${line}\n`);
    lab = await startLab({ nodes: 3, controlPlanes: 2, images: [earlier.image], log });
    // As the servers of k3s: by the default of today they carry Services, and by that of the earlier operator they do not.
    const role = 'node-role.kubernetes.io/control-plane';
    await lab.kubectl('taint', 'node', `--selector=${role}`, `${role}-`);
    now = split(await lab.kubectl('kustomize', join('config', 'default')), 'CustomResourceDefinition');
    await lab.apply(before.of);
    await apply(before.others);
    await waitFor(
      'the config to be taken',
      () =>
        lab.apply(config).then(
          () => true,
          () => false,
        ),
      {
        seconds: 30,
      },
    );
    await untilReady(lab, 'edge', 120);
    await lab.apply(service);
    await waitFor(
      'the Service to have its address',
      async () => (await lab.owners(serviceVip)).length === 1,
      {
        seconds: 30,
      },
    );
    pods = await kubeVips();
    sampler = await lab.startSampler([vip, serviceVip]);
  }, 900_000);

  afterAll(() => lab?.stop(), 60_000);

  it('is upgraded while its CRD is older, and says that it is', async () => {
    expect(pods.trim().split('\n')).toHaveLength(3);
    const since = await readySince();
    sampler.mark('operator upgraded');
    await apply(now.others);
    await expectAsBefore();
    expect(await readySince()).toBe(since);
    expect(await conditionOf(lab, 'edge', 'RenderingWaits')).toMatch(
      /^True .*edge-services: spec\.template\.spec\.affinity/,
    );
    await waitFor('the older CRD to be told of', async () => (await saidOfCrd()) !== '', {
      seconds: 60,
    });
    expect(await saidOfCrd()).toContain('Apply the CRD: kubectl apply --server-side -k config/crd');
  }, 400_000);

  it('says so no more when the CRD is upgraded', async () => {
    sampler.mark('CRD upgraded');
    await lab.apply(now.of);
    await waitFor('the CRD to be of this operator', async () => (await saidOfCrd()) === '', {
      seconds: 90,
    });
    expect(await conditionOf(lab, 'edge', 'PreflightPassed')).toMatch(/^True /);
    await expectAsBefore();
  }, 200_000);

  it('goes back while the CRD is newer, and then with its own CRD', async () => {
    const since = await readySince();
    sampler.mark('operator goes back');
    await apply(before.others);
    await expectAsBefore();
    sampler.mark('CRD goes back');
    await lab.apply(before.of);
    await expectAsBefore();
    expect(await readySince()).toBe(since);
  }, 400_000);

  it('has moved no address all the way', async () => {
    sampler.mark('upgraded again');
    await apply(now.others);
    await lab.apply(now.of);
    await expectAsBefore();
    const { reports } = await sampler.stop();
    for (const report of reports) {
      expect(report).toMatchObject({ maxSimultaneousMs: 0, maxAbsenceMs: 0, moves: [] });
    }
  }, 400_000);

  it('refuses to go in the wrong order, and the addresses stay', async () => {
    const said = await everythingDeleted().catch(String);
    expect(said).toContain('expected to stay while a KubeVipConfig exists');
    await apply(now.others);
    await lab.apply(now.of);
    await expectAsBefore();
  }, 400_000);

  it('goes in the right order, and leaves nothing', async () => {
    await lab.kubectl('delete', 'kubevipconfig', '--all', within(240));
    expect([await lab.owners(vip), await lab.owners(serviceVip)]).toEqual([[], []]);
    await everythingDeleted();
    const gone = async (): Promise<boolean> =>
      (await lab.kubectl('get', 'crd,namespaces,validatingadmissionpolicies,clusterroles', '-o', 'name'))
        .split('\n')
        .every((name) => !/kube-?vip/.test(name));
    await waitFor('everything to be gone', gone, { seconds: 60 });
  }, 400_000);
});
