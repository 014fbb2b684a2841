import { describe, expect, it } from '@jest/globals';
import type { V1DaemonSet } from '@kubernetes/client-node';
import { controlPlaneTolerations, effectiveSpec } from '../../src/api/defaults.ts';
import { systemNamespace } from '../../src/api/metadata.ts';
import { claimsOf, renderDaemonSet, selectorLabels } from '../../src/render/daemon-set.ts';
import { kubeVipConfig, rendering, type ConfigOverrides } from '../builders.ts';

const both = (overrides: ConfigOverrides = {}) => rendering(kubeVipConfig(overrides));
const podOf = (daemonSet: V1DaemonSet | undefined) => daemonSet?.spec?.template.spec;
const [controlPlane, services] = both();

describe('renderDaemonSet', () => {
  it.each([
    ['runs the control plane under its own account', controlPlane, 'kube-vip-control-plane'],
    ['runs services under theirs', services, 'kube-vip-services'],
  ])('%s', (_, daemonSet, expected) => {
    expect(podOf(daemonSet)?.serviceAccountName).toBe(expected);
  });

  it.each([
    ['the control plane is critical for its node', controlPlane, 'system-node-critical'],
    ['services are critical for the cluster', services, 'system-cluster-critical'],
  ])('%s', (_, daemonSet, expected) => {
    expect(podOf(daemonSet)?.priorityClassName).toBe(expected);
  });

  it.each([
    ['control plane', controlPlane],
    ['services', services],
  ])('gives the %s two capabilities and nothing else', (_, daemonSet) => {
    expect(podOf(daemonSet)).toMatchObject({
      hostNetwork: true,
      securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
    });
    expect(podOf(daemonSet)?.containers).toHaveLength(1);
    expect(podOf(daemonSet)?.containers[0]?.securityContext).toEqual({
      runAsUser: 0,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { add: ['NET_ADMIN', 'NET_RAW'], drop: ['ALL'] },
    });
    expect(podOf(daemonSet)?.volumes).toBeUndefined();
  });

  it.each(['livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle'])(
    'has no %s, which would lie',
    (name) => {
      expect(both().map((row) => Object.keys(podOf(row)?.containers[0] ?? {}).includes(name))).toEqual([
        false,
        false,
      ]);
    },
  );

  it('lets no controller replace a pod', () => {
    expect(both().map(({ spec }) => spec?.updateStrategy)).toEqual(both().map(() => ({ type: 'OnDelete' })));
  });

  it('selects what its template carries', () => {
    for (const { spec } of both()) {
      expect(spec?.template.metadata?.labels).toMatchObject(spec?.selector.matchLabels ?? { no: 'selector' });
    }
  });

  it('selects the pods of no other function', () => {
    expect(selectorLabels('edge', 'services')).not.toEqual(selectorLabels('edge', 'control-plane'));
  });

  it('belongs to its KubeVipConfig', () => {
    expect(controlPlane?.metadata?.ownerReferences).toEqual([
      {
        apiVersion: 'kubevip.dev/v1alpha1',
        kind: 'KubeVipConfig',
        name: 'edge',
        uid: 'uid-of-edge',
        controller: true,
      },
    ]);
  });

  it('refuses a function that the spec does not ask for', () => {
    const spec = effectiveSpec(kubeVipConfig({ spec: { services: undefined } }));
    const input = { spec, namespace: systemNamespace, metricsPort: 1, uid: '' };
    expect(() => renderDaemonSet({ ...input, component: 'services' })).toThrow(
      new RangeError('spec: expected services to be asked for, found none'),
    );
  });
});

describe('image', () => {
  const imageOf = (overrides: ConfigOverrides) => podOf(both(overrides)[0])?.containers[0]?.image;
  const digest = `sha256:${'a'.repeat(64)}`;
  const repository = 'registry.example.org/mirror/kube-vip';
  const known = 'sha256:840305b94ef2a89abb3b7fd2b09edfbde690d90052020da4dff90679fe892da2';

  it.each([
    ['is pinned by the catalogue', {}, `ghcr.io/kube-vip/kube-vip:v1.1.2@${known}`],
    ['comes from a mirror under the same digest', { repository }, `${repository}:v1.1.2@${known}`],
    ['has the digest of a mirror that rebuilds', { repository, digest }, `${repository}:v1.1.2@${digest}`],
  ])('%s', (_, image, expected) => {
    expect(imageOf({ spec: { image } })).toBe(expected);
  });

  it('of a version that the catalogue lacks is refused', () => {
    expect(() => imageOf({ spec: { version: 'v0.7.2' } })).toThrow(RangeError);
  });

  it.each([
    ['names pull secrets', ['a', 'b'], [{ name: 'a' }, { name: 'b' }]],
    ['names none when the list is empty', [], undefined],
    ['names none when there is no list', undefined, undefined],
  ])('%s', (_, pullSecrets, expected) => {
    const image = pullSecrets && { pullSecrets };
    expect(podOf(both({ spec: { image } })[0])?.imagePullSecrets).toEqual(expected);
  });
});

describe('placement', () => {
  const linux = { 'kubernetes.io/os': 'linux' };
  const term = (operator: string) => [
    { matchExpressions: [{ key: 'node-role.kubernetes.io/control-plane', operator }] },
  ];
  const terms = (daemonSet: V1DaemonSet | undefined) =>
    podOf(daemonSet)?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
      ?.nodeSelectorTerms;

  it.each([
    ['puts the control plane on control-plane nodes', controlPlane, term('Exists')],
    ['puts services on every Linux node, which a taint keeps them off', services, undefined],
  ])('%s', (_, daemonSet, expected) => {
    expect(terms(daemonSet)).toEqual(expected);
    expect(podOf(daemonSet)?.nodeSelector).toEqual(linux);
  });

  it('follows a node selector instead of the default', () => {
    const part = { addresses: ['192.0.2.1'], nodeSelector: { rack: 'a' } };
    const [daemonSet] = both({ spec: { controlPlane: part } });
    expect([podOf(daemonSet)?.nodeSelector, podOf(daemonSet)?.affinity]).toEqual([
      { ...linux, rack: 'a' },
      undefined,
    ]);
  });

  it.each([
    ['tolerates what control-plane nodes carry', controlPlane, controlPlaneTolerations],
    ['tolerates nothing for services', services, undefined],
  ])('%s', (_, daemonSet, expected) => {
    expect(podOf(daemonSet)?.tolerations).toEqual(expected);
  });

  it('tolerates what the spec says, or nothing', () => {
    const [first] = both({ spec: { controlPlane: { addresses: ['192.0.2.1'], tolerations: [] } } });
    const tolerations = [{ key: 'a', operator: 'Exists' }] as const;
    const [, second] = both({ spec: { services: { tolerations } } });
    expect([podOf(first)?.tolerations, podOf(second)?.tolerations]).toEqual([undefined, tolerations]);
  });

  it('passes resources on', () => {
    const resources = { requests: { cpu: '20m' }, limits: { memory: '64Mi' } };
    const [, daemonSet] = both({ spec: { services: { resources } } });
    expect(podOf(daemonSet)?.containers[0]?.resources).toEqual(resources);
  });
});

describe('claimsOf', () => {
  const spec = effectiveSpec(kubeVipConfig());
  const none = effectiveSpec(kubeVipConfig({ spec: { controlPlane: undefined, services: undefined } }));

  it.each([
    ['are the addresses of a control plane', spec, 'control-plane', ['203.0.113.100']],
    ['are the class of services', spec, 'services', ['kubevip.dev/edge']],
    ['are none without control plane', none, 'control-plane', []],
    ['are none without services', none, 'services', []],
  ] as const)('%s', (_, effective, component, expected) => {
    expect(claimsOf(effective, component)).toEqual(expected);
  });
});
