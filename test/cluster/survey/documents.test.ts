import { describe, expect, it } from '@jest/globals';
import { hostOf, readKubeadm, readKubeProxy, readServer } from '../../../src/cluster/survey/documents.ts';

describe('hostOf', () => {
  it.each([
    ['203.0.113.100:6443', '203.0.113.100'],
    ['api.example.org', 'api.example.org'],
    ['https://203.0.113.100:6443', '203.0.113.100'],
    ['[2001:db8::100]:6443', '2001:db8::100'],
    ['https://[2001:db8::100]:6443/', '2001:db8::100'],
    ['', undefined],
    ['not a host', undefined],
    [undefined, undefined],
  ])('%s is %s', (endpoint, host) => {
    expect(hostOf(endpoint)).toBe(host);
  });
});

describe('what ConfigMaps say', () => {
  it('reads kubeadm', () => {
    const document =
      'controlPlaneEndpoint: "203.0.113.100:6443"\nnetworking: {podSubnet: 10.0.0.0/16, serviceSubnet: 10.96.0.0/12}\n';
    expect(readKubeadm(document)).toEqual({
      endpoint: '203.0.113.100',
      podSubnet: '10.0.0.0/16',
      serviceSubnet: '10.96.0.0/12',
    });
  });

  it('reads kube-proxy', () => {
    expect(readKubeProxy('mode: ipvs\nipvs:\n  strictARP: true\n')).toEqual({
      mode: 'ipvs',
      strictArp: true,
    });
    expect(readKubeProxy('mode: ""\n')).toEqual({ mode: '', strictArp: false });
  });

  it('reads the server of a kubeconfig', () => {
    expect(readServer('clusters:\n- cluster: {server: "https://203.0.113.100:6443"}\n')).toBe(
      '203.0.113.100',
    );
  });

  it.each([['{'], ['text'], [''], [undefined], ['clusters: 5'], ['clusters: []']])(
    'takes %j for nothing',
    (document) => {
      expect(readKubeadm(document)).toEqual({
        endpoint: undefined,
        podSubnet: undefined,
        serviceSubnet: undefined,
      });
      expect(readKubeProxy(document)).toEqual({ mode: '', strictArp: false });
      expect(readServer(document)).toBeUndefined();
    },
  );
});
