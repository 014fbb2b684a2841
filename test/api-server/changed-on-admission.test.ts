// A mutating policy changes what the operator applies, as those that send every image to a mirror do: status names the field,
// nothing is applied in a loop, and what is harmless is no problem. With real MutatingAdmissionPolicies.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { describeRequest, operatorRequests } from './audit.ts';
import { messageOf, specWith } from './builders.ts';
import { startStage, type Stage } from './stage.ts';
import { until } from './until.ts';
import { stretched } from '../stretched.ts';

jest.setTimeout(120_000);

const group = '/apis/admissionregistration.k8s.io/v1';
const apiVersion = 'admissionregistration.k8s.io/v1';
const kubeVip = 'object.spec.template.spec.containers[0]';
const at = '/spec/template/spec/containers/0';
const toMirror = `JSONPatch{op: "replace", path: "${at}/image", value: ${kubeVip}.image.replace("ghcr.io/", "example.org/")}`;
const alwaysPulled = `JSONPatch{op: "replace", path: "${at}/imagePullPolicy", value: "Always"}`;
// Not the same twice: it adds what is there already.
const oneMore = `JSONPatch{op: "add", path: "${at}/env/-", value: Object.spec.template.spec.containers.env{name: "x", value: "y"}}`;

// Longer than a look at what nothing happens to.
const quietMs = 9000;

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
}, 60_000);

afterAll(() => stage?.stop());

/** A DaemonSet that is only asked about, with all that the policies change. */
const specimen = (name: string) => {
  const labels = { app: 'any' };
  const container = { name: 'any', image: 'ghcr.io/any/any', imagePullPolicy: 'Never', env: [{ name: 'a' }] };
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: `${name}-control-plane` },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container] } },
    },
  };
};

interface Mutation {
  readonly patches: readonly string[];
  /** What is in every DaemonSet that was changed. */
  readonly sign: string;
}

/** Changes the DaemonSet of one config on admission, until the returned function is called. */
async function mutate(name: string, { patches, sign }: Mutation): Promise<() => Promise<void>> {
  const metadata = { name };
  const resourceRules = [
    { apiGroups: ['apps'], apiVersions: ['v1'], resources: ['daemonsets'], operations: ['CREATE', 'UPDATE'] },
  ];
  const policy = {
    reinvocationPolicy: 'Never',
    failurePolicy: 'Fail',
    matchConstraints: { resourceRules },
    matchConditions: [{ name: 'one', expression: `object.metadata.name == "${name}-control-plane"` }],
    mutations: [{ patchType: 'JSONPatch', jsonPatch: { expression: `[${patches.join(', ')}]` } }],
  };
  const kinds = [
    ['MutatingAdmissionPolicy', 'mutatingadmissionpolicies', policy],
    ['MutatingAdmissionPolicyBinding', 'mutatingadmissionpolicybindings', { policyName: name }],
  ] as const;
  for (const [kind, plural, spec] of kinds) {
    const body = { apiVersion, kind, metadata, spec };
    await stage.admin.expect({ method: 'POST', path: `${group}/${plural}`, body });
  }
  await until(`policy ${name} to be in force`, async () => {
    const path = '/apis/apps/v1/namespaces/default/daemonsets?dryRun=All';
    const { body } = await stage.admin.send({ method: 'POST', path, body: specimen(name) });
    return JSON.stringify(body).includes(sign);
  });
  return async () => {
    await stage.admin.expect({ method: 'DELETE', path: `${group}/mutatingadmissionpolicybindings/${name}` });
  };
}

const appliesOf = (name: string): number =>
  operatorRequests(stage.api)
    .map((event) => `${describeRequest(event)} ${event.objectRef?.name}`)
    .filter((text) => text.startsWith('patch daemonsets') && text.endsWith(` ${name}-control-plane`)).length;

async function runHealthy(name: string): Promise<void> {
  await stage.untilRuns(`${name}-control-plane`);
  await stage.play.runHealthy(`${name}-control-plane`, 'n1');
}

const mutations: Readonly<Record<'mirror' | 'pulled' | 'growing', Mutation>> = {
  mirror: { patches: [toMirror], sign: 'example.org/' },
  pulled: { patches: [toMirror, alwaysPulled], sign: 'example.org/' },
  growing: { patches: [oneMore], sign: '"name":"x"' },
};

const spec = (last: number) =>
  specWith({
    controlPlane: { addresses: [`203.0.113.${last}`] },
    services: undefined,
    preflight: { nodeProbe: 'Off' },
  });

it('is no problem where only the registry of the pinned image is another', async () => {
  await mutate('mirrored', mutations.mirror);
  await stage.create('mirrored', spec(101));
  await runHealthy('mirrored');
  expect((await stage.container('mirrored-control-plane'))?.image).toMatch(/^example\.org\//);
  const wanted = {
    Accepted: 'True Accepted',
    PreflightPassed: 'True PreflightPassed',
    Programmed: 'True Applied',
    Ready: 'True Held',
  };
  expect(await stage.conditions('mirrored', wanted)).toEqual(wanted);
  await sleep(quietMs);
  expect(appliesOf('mirrored')).toBe(1);
  expect((await stage.config('mirrored'))?.status?.version?.running).toBe('v1.1.2');
});

describe('a field that changes what runs', () => {
  it('is named, with what to do, and is not applied in a loop', async () => {
    const end = await mutate('pulled', mutations.pulled);
    await stage.create('pulled', spec(102));
    await runHealthy('pulled');
    const wanted = {
      Accepted: 'True Accepted',
      PreflightPassed: 'True PreflightPassed',
      Programmed: 'False ChangedOnAdmission',
      Ready: 'True Held',
      Stalled: 'True ChangedOnAdmission',
    };
    expect(await stage.conditions('pulled', wanted)).toEqual(wanted);
    await sleep(quietMs);
    expect(await stage.conditions('pulled', wanted)).toEqual(wanted);
    expect(appliesOf('pulled')).toBe(1);
    expect(messageOf(await stage.config('pulled'), 'Programmed')).toBe(
      'DaemonSet pulled-control-plane: containers[0].imagePullPolicy is changed on admission. ' +
        'Expected spec.template.spec.containers[0].imagePullPolicy to be IfNotPresent, found Always. ' +
        'Make the webhook or policy leave out DaemonSets of namespace kube-vip-system: see kubectl get mutatingwebhookconfigurations,mutatingadmissionpolicies. ' +
        'The operator tries again every minute.',
    );
    await end();
    await until(
      'the DaemonSet to be as it should',
      async () => (await stage.container('pulled-control-plane'))?.imagePullPolicy === 'IfNotPresent',
      stretched(75_000),
    );
    await runHealthy('pulled');
    const { Stalled: _, ...well } = wanted;
    const applied = { ...well, Programmed: 'True Applied' };
    expect(await stage.conditions('pulled', applied)).toEqual(applied);
  });

  it('is not added again and again', async () => {
    await mutate('growing', mutations.growing);
    await stage.create('growing', spec(103));
    await until('the trouble to be said', async () =>
      messageOf(await stage.config('growing'), 'Programmed')?.includes('is changed on admission'),
    );
    await sleep(quietMs);
    const { env = [] } = (await stage.container('growing-control-plane')) ?? {};
    expect(env.filter(({ name }) => name === 'x')).toHaveLength(1);
    expect(appliesOf('growing')).toBe(1);
  });
});
