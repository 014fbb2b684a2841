import { describe, expect, it } from '@jest/globals';
import { toText } from '../../src/api/words.ts';
import { finalizer, labels } from '../../src/api/metadata.ts';
import { ownedDaemonSets } from '../../src/observed/observed.ts';
import type { Step } from '../../src/steps/step.ts';
import type { Snapshot } from '../../src/observed/snapshot.ts';
import { daemonSet, freshSnapshot, kubeVipConfig, snapshot } from '../builders.ts';
import { managedBy, restartedAt, set } from './field-owners.ts';
import { outline } from '../pass.ts';
import { observed } from '../pass.ts';

/** A step as a line. */
function say(step: Step): string {
  const object = 'object' in step ? [step.object.metadata?.name] : [];
  return [
    step.kind,
    ...object,
    ...('name' in step ? [step.name] : []),
    ...('why' in step ? [step.why] : []),
  ].join(' ');
}
const stepsOf = (world: Snapshot): readonly string[] => outline(world).steps.map(say);

const services = daemonSet({ component: 'services' });
const controlPlane = daemonSet();
const image = ['spec', 'template', 'spec', 'containers', '0', 'image'];
const edited = set(controlPlane, image, 'example.org/other:latest');
const withAddition = set(controlPlane, ['spec', 'template', 'spec', 'hostPID'], true);
const added = {
  ...withAddition,
  metadata: { ...withAddition.metadata, managedFields: [managedBy('kubectl-edit', withAddition.spec)] },
};
const ending = daemonSet({ metadata: { deletionTimestamp: new Date(0) } });
const stranger = daemonSet({ metadata: { labels: {}, ownerReferences: undefined } });
const unlabelled = daemonSet({ metadata: { labels: {} } });
const disowned = daemonSet({ metadata: { ownerReferences: [] } });
const cpOnly = kubeVipConfig({ spec: { services: undefined } });
const newVersion = kubeVipConfig({ spec: { version: 'v1.0.4' } });
const unheld = kubeVipConfig({ metadata: { finalizers: [] } });
const foreignHold = kubeVipConfig({ metadata: { finalizers: undefined } });

describe('makePlan', () => {
  it.each<readonly [string, Snapshot, readonly string[]]>([
    [
      'applies what is missing',
      freshSnapshot(),
      ['apply edge-control-plane missing', 'apply edge-services missing'],
    ],
    [
      'takes hold of a config before the first object is made',
      freshSnapshot({ config: unheld }),
      ['add-finalizer', 'apply edge-control-plane missing', 'apply edge-services missing'],
    ],
    [
      'takes hold of a config that has no list of finalizers',
      freshSnapshot({ config: foreignHold }),
      ['add-finalizer', 'apply edge-control-plane missing', 'apply edge-services missing'],
    ],
    ['does nothing when all is as it should be', snapshot(), []],
    ['puts the finalizer back when only that is missing', snapshot({ config: unheld }), ['add-finalizer']],
    [
      'applies a change of the spec',
      snapshot({ config: newVersion, daemonSets: [controlPlane, services] }),
      ['apply edge-control-plane changed', 'apply edge-services changed'],
    ],
    ['undoes drift', snapshot({ daemonSets: [edited, services] }), ['apply edge-control-plane drifted']],
    [
      'replaces a spec that somebody added to',
      snapshot({ daemonSets: [added, services] }),
      ['replace-spec edge-control-plane drifted'],
    ],
    ['leaves a restart alone', snapshot({ daemonSets: [restartedAt(controlPlane, 'now'), services] }), []],
    [
      'puts a label back',
      snapshot({ daemonSets: [unlabelled, services] }),
      ['apply edge-control-plane drifted'],
    ],
    [
      'puts an owner back',
      snapshot({ daemonSets: [disowned, services] }),
      ['apply edge-control-plane drifted'],
    ],
    ['waits for one that is on its way out', snapshot({ daemonSets: [ending, services] }), []],
    [
      'deletes what is not asked for any more',
      snapshot({ config: cpOnly, daemonSets: [controlPlane, services] }),
      ['delete edge-services'],
    ],
    [
      'deletes nothing twice',
      snapshot({
        config: cpOnly,
        daemonSets: [
          controlPlane,
          daemonSet({ component: 'services', metadata: { deletionTimestamp: new Date(0) } }),
        ],
      }),
      [],
    ],
    [
      'leaves the DaemonSets of other configs alone',
      snapshot({
        config: cpOnly,
        daemonSets: [
          controlPlane,
          daemonSet({ config: kubeVipConfig({ name: 'other' }), component: 'services' }),
        ],
      }),
      [],
    ],
  ])('%s', (_, world, expected) => {
    expect(stepsOf(world)).toEqual(expected);
  });

  it('names the field that drifted', () => {
    expect(outline(snapshot({ daemonSets: [edited, services] })).steps[0]).toMatchObject({
      path: 'spec.template.spec.containers[0].image',
    });
  });

  it('keeps restarts when it replaces a spec', () => {
    const [step] = outline(
      snapshot({
        daemonSets: [
          set(added, ['spec', 'template', 'metadata', 'annotations'], {
            'kubectl.kubernetes.io/restartedAt': 'now',
          }),
          services,
        ],
      }),
    ).steps;
    expect(step).toMatchObject({
      kind: 'replace-spec',
      object: {
        spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': 'now' } } } },
      },
    });
  });
});

describe('a rejected config', () => {
  const older = kubeVipConfig({
    name: 'older',
    metadata: { creationTimestamp: '2026-11-24T09:00:00Z' },
  });
  const sameClass = kubeVipConfig({
    name: 'older',
    metadata: { creationTimestamp: '2026-11-24T09:00:00Z' },
    spec: { controlPlane: undefined, services: { loadBalancerClass: 'kubevip.dev/edge' } },
  });
  const config = kubeVipConfig();
  const olderRuns = daemonSet({ config: older });
  const bothRun = { configs: [older, config], daemonSets: [olderRuns, controlPlane, services] };

  it.each<readonly [string, Snapshot, string, unknown, readonly string[]]>([
    [
      'has an address that another has',
      freshSnapshot({ config, configs: [older, config] }),
      'AddressConflict',
      'spec.controlPlane.addresses: 203.0.113.100 belongs to KubeVipConfig older. Expected an address that no other KubeVipConfig has, found 203.0.113.100. Change it here or delete KubeVipConfig older.',
      [],
    ],
    [
      'has a class that another has',
      freshSnapshot({ config, configs: [sameClass, config] }),
      'ClassConflict',
      'spec.services.loadBalancerClass: kubevip.dev/edge belongs to KubeVipConfig older. Expected a class that no other KubeVipConfig has, found kubevip.dev/edge. Change it here or delete KubeVipConfig older.',
      [],
    ],
    [
      'is the second owner of an address, which it gives up, and nothing else',
      snapshot({ config, ...bothRun, leases: [] }),
      'AddressConflict',
      expect.stringContaining('older'),
      ['park-lease edge-control-plane'],
    ],
    [
      'is the second owner of an address, and breaks a rule, too',
      snapshot({
        ...bothRun,
        config: kubeVipConfig({ ...config, spec: { ...config.spec, version: 'v0.7.2' } }),
        leases: [],
      }),
      'SpecInvalid',
      expect.stringContaining('found v0.7.2'),
      ['park-lease edge-control-plane'],
    ],
    [
      'breaks a rule: what runs keeps running',
      snapshot({
        config: kubeVipConfig({ spec: { version: 'v0.7.2' } }),
        daemonSets: [controlPlane, services],
      }),
      'SpecInvalid',
      expect.stringContaining('found v0.7.2'),
      [],
    ],
    [
      'needs a name that somebody else has taken',
      snapshot({ daemonSets: [stranger] }),
      'ObjectNotOwned',
      'DaemonSet kube-vip-system/edge-control-plane is not of this operator. Expected one that this operator made, found one without its label and without its owner. Delete or rename DaemonSet kube-vip-system/edge-control-plane.',
      [],
    ],
  ])('%s', (_, ...[world, reason, message, steps]) => {
    const { rejection, desired } = outline(world);
    expect([desired, rejection?.reason, rejection && toText(rejection)]).toEqual([[], reason, message]);
    expect(stepsOf(world)).toEqual(steps);
  });
});

describe('ownedDaemonSets', () => {
  it.each([
    ['knows its own', controlPlane, 1],
    ['knows one whose labels were removed, by its owner', unlabelled, 1],
    ['knows one whose owner was removed, by its label', disowned, 1],
    ['does not take what a stranger made', stranger, 0],
    ['does not take one of another config', daemonSet({ config: kubeVipConfig({ name: 'other' }) }), 0],
    ['does not take one of another name', daemonSet({ metadata: { name: 'edge' } }), 0],
    ['does not take one without a name', daemonSet({ metadata: { name: undefined } }), 0],
    [
      'goes by name, not by a label that anybody can write',
      daemonSet({
        metadata: {
          name: 'other-services',
          labels: { [labels.managedBy]: 'kube-vip-operator', [labels.config]: 'edge' },
        },
      }),
      0,
    ],
  ])('%s', (_, object, expected) => {
    expect(ownedDaemonSets(observed(snapshot({ daemonSets: [object] })))).toHaveLength(expected);
  });

  it('is about a config with its finalizer', () => {
    expect(kubeVipConfig().metadata.finalizers).toEqual([finalizer]);
  });
});
