import { describe, expect, it } from '@jest/globals';
import { effectiveSpec } from '../../src/api/defaults.ts';
import { configOfComponent, configOfProbe, labels, componentKinds } from '../../src/api/metadata.ts';
import { longestReport } from '../../src/api/node-report.ts';
import { selectorLabels } from '../../src/render/daemon-set.ts';
import { probeLabels, renderProbe } from '../../src/render/probe-daemon-set.ts';
import { daemonSet, kubeVipConfig } from '../builders.ts';
import { image, nodeReport } from '../node-world.ts';

const request = {
  run: 'r-1',
  interface: undefined,
  addresses: ['203.0.113.100'],
  connectPort: 6443,
  ports: [29100],
};
const rendered = (component: 'control-plane' | 'services', config = kubeVipConfig()) =>
  renderProbe({
    spec: effectiveSpec(config),
    component,
    namespace: 'kube-vip-system',
    uid: 'u',
    request,
    image,
  });

describe('renderProbe', () => {
  it('gives the pod no right at all', () => {
    const pod = rendered('control-plane').spec?.template.spec;
    expect(pod).toMatchObject({ automountServiceAccountToken: false, hostNetwork: true });
    expect(pod?.volumes).toBeUndefined();
    expect(pod?.containers[0]?.securityContext).toEqual({
      runAsNonRoot: true,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });

  it.each(componentKinds)('runs on the nodes of %s', (component) => {
    const [probe, components] = [rendered(component), daemonSet({ component })].map(
      (row) => row.spec?.template.spec,
    );
    expect(probe?.nodeSelector).toEqual(components?.nodeSelector);
    expect(probe?.affinity).toEqual(components?.affinity);
    expect(probe?.tolerations).toEqual(components?.tolerations);
  });

  it('runs the image of the operator, with its pull secrets', () => {
    const pod = rendered('services').spec?.template.spec;
    expect(pod?.containers[0]?.image).toBe(image.image);
    expect(pod?.imagePullSecrets).toEqual([{ name: 'mirror' }]);
  });

  it('reaches the API server as kube-vip does', () => {
    const envOf = (component: 'control-plane' | 'services'): readonly string[] =>
      (rendered(component).spec?.template.spec?.containers[0]?.env ?? []).map(({ name }) => name);
    expect(envOf('control-plane')).toEqual([
      'PROBE_REQUEST',
      'KUBERNETES_SERVICE_HOST',
      'KUBERNETES_SERVICE_PORT',
    ]);
    expect(envOf('services')).toEqual(['PROBE_REQUEST']);
  });

  it('is selected by no label of a component, and selects none', () => {
    for (const component of componentKinds) {
      expect(probeLabels('edge', component)).not.toMatchObject(selectorLabels('edge', component));
      expect(probeLabels('edge', component)[labels.config]).toBeUndefined();
    }
  });

  it('has a name that leads to its config, and is no component', () => {
    const name = rendered('services').metadata?.name ?? '';
    expect([name, configOfProbe(name), configOfComponent(name)]).toEqual([
      'edge-services-probe',
      'edge',
      undefined,
    ]);
    expect(configOfProbe('edge-services')).toBeUndefined();
  });

  it('does not render what the spec does not ask for', () => {
    expect(() => rendered('services', kubeVipConfig({ spec: { services: undefined } }))).toThrow(
      'spec: expected services to be asked for, found none',
    );
  });
});

describe('a report', () => {
  it('fits a termination message at its longest', () => {
    const long = nodeReport('n1', 'x'.repeat(30), {
      interface: {
        name: 'i'.repeat(15),
        isUp: true,
        mac: '02:00:00:00:00:01',
        subnets: Array<string>(8).fill('2001:db8:ffff:ffff:ffff:ffff:ffff:ffff/128'),
      },
      otherInterfaces: Array<string>(10).fill('i'.repeat(15)),
      bound: Array<string>(2).fill('2001:db8:ffff:ffff:ffff:ffff:ffff:ffff'),
      places: Array.from({ length: 2 }, () => ({
        address: '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff',
        interface: 'i'.repeat(15),
        cidr: '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff/128',
      })),
      answered: Array.from({ length: 2 }, () => ({
        address: '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff',
        mac: '02:00:00:00:00:01',
      })),
      takenPorts: [29100, 29101],
      apiError: 'x'.repeat(160),
    });
    expect(JSON.stringify(long).length).toBeLessThan(longestReport);
  });
});
