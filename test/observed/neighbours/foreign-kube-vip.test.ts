import { describe, expect, it } from '@jest/globals';
import * as foreign from '../../../src/observed/neighbours/foreign-kube-vip.ts';
import { emptySurvey } from '../../../src/observed/neighbours/survey.ts';
import { messagesOf } from '../../preflight/find.ts';
import { kubeVip, surveyed, workload } from '../../preflight/survey-builders.ts';

const services = { svc_enable: 'true', cp_enable: 'false', address: '' };
const filtered = { ...services, lb_class_only: 'true', lb_class_name: 'kubevip.dev/edge' };

describe('hazardsOf', () => {
  it.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ['finds none in what is rendered here', filtered, []],
    ['finds both functions in one process', { ...filtered, cp_enable: 'true' }, ['cp-svc-one-process']],
    ['finds a missing election', { vip_leaderelection: 'false' }, ['arp-no-election']],
    ['finds two modes', { bgp_enable: 'true' }, ['several-modes']],
    ['finds a health port', { health_check_port: '9000' }, ['no-probe']],
    [
      'finds none with an exact match of the class instead',
      { ...services, lb_class_legacy_handling: 'false', lb_class_name: 'a/b' },
      [],
    ],
    ['takes a switch that is off for off', { lb_enable: 'false', bgp_enable: '0' }, []],
  ])('%s', (_, env, ids) => {
    const found = foreign.hazardsOf(kubeVip(env)).map(({ id }) => id);
    expect(found.filter((id) => ids.length === 0 || ids.includes(id))).toEqual(ids);
  });
});

describe('foreignKubeVips', () => {
  it.each([
    ['ghcr.io/kube-vip/kube-vip:v1.1.2', true],
    ['ghcr.io/kube-vip/kube-vip-iptables@sha256:0', true],
    ['registry.example.org:5000/mirror/kube-vip', true],
    ['ghcr.io/kube-vip/kube-vip-cloud-provider:v0.0.12', false],
    ['ghcr.io/kube-vip-operator/kube-vip-operator:v0.1.0', false],
  ])('%s: %s', (image, isOne) => {
    const workloads = [workload({ images: [image] })];
    expect(foreign.foreignKubeVips({ ...emptySurvey, workloads })).toHaveLength(isOne ? 1 : 0);
  });
});

it('a pod of a kind that is not listed is named with what made it, and what to delete', () => {
  const pod = kubeVip({}, { kind: 'Pod', name: 'x1', node: 'n1', owner: 'ReplicationController/x' });
  const [message] = messagesOf('foreign-kube-vip-has-vip', surveyed({ workloads: [pod] }));
  expect(message).toMatch(
    /^Pod\/kube-system\/x1: is a kube-vip with .* on node n1, of ReplicationController\/x\. Expected no other kube-vip with the virtual address of KubeVipConfig edge\. To hand over, delete what would make ReplicationController\/x anew, if anything does, and then run kubectl -n kube-system delete replicationcontroller\/x\. /,
  );
});
