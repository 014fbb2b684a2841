// Of a Service that a tenant made as large as it may be little is kept.
import { describe, expect, it } from '@jest/globals';
import { trimService } from '../../src/cluster/trim.ts';

const [base, metadata] = [{ apiVersion: 'v1' }, { name: 'x' }];
const ports = [{ name: 'a', port: 80, targetPort: 8080, protocol: 'TCP' }];

describe('trimService', () => {
  const crowd = Array.from({ length: 50_000 }, (_, n) => ({ name: `p${n}`, port: n + 1, protocol: 'TCP' }));

  it.each([
    [
      'so many of the ports of what no policy bounds',
      { type: 'ClusterIP', externalIPs: ['203.0.113.7'] },
      257,
    ],
    ['all of a load balancer with a class', { type: 'LoadBalancer', loadBalancerClass: 'x' }, 50_000],
  ])('keeps %s', (_, spec, count) => {
    const kept = trimService({ ...base, metadata, spec: { ...spec, ports: crowd } } as object);
    expect(kept.spec?.ports).toHaveLength(count);
  });

  it('keeps each port once, however many Services have it', () => {
    const one = () => trimService({ ...base, metadata, spec: { type: 'LoadBalancer', ports } } as object);
    expect(one().spec?.ports?.[0]).toBe(one().spec?.ports?.[0]);
  });

  it.each([
    ['labels that are as long as people write them', 1000, true],
    ['none of a megabyte of labels', 1_000_000, false],
  ])('keeps %s', (_, length, isKept) => {
    const labels = { app: 'x'.repeat(length) };
    const spec = { type: 'LoadBalancer' };
    const kept = trimService({ ...base, metadata: { ...metadata, labels }, spec } as object);
    expect(kept.metadata?.labels).toEqual(isKept ? labels : undefined);
  });

  it('keeps so much of a request that it is seen to be too long', () => {
    const annotations = { 'kubevip.dev/addresses': '1'.repeat(5000), 'kubevip.dev/share': 'k' };
    const spec = { type: 'LoadBalancer' };
    const kept = trimService({ ...base, metadata: { ...metadata, annotations }, spec } as object);
    expect(kept.metadata?.annotations).toEqual({
      'kubevip.dev/addresses': '1'.repeat(257),
      'kubevip.dev/share': 'k',
    });
  });
});
