import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { V1ValidatingAdmissionPolicy } from '@kubernetes/client-node';
import { parseAllDocuments } from 'yaml';
import {
  isCiliumImage,
  isKubeVipImage,
  kubeVipPattern,
  otherProgramPattern,
} from '../../src/observed/images.ts';

describe('isKubeVipImage', () => {
  it.each([
    ['ghcr.io/kube-vip/kube-vip:v1.1.2', true],
    ['ghcr.io/kube-vip/kube-vip-iptables@sha256:0', true],
    ['kube-vip', true],
    ['registry.example.org:5000/mirror/kube-vip', true],
    ['rancher/mirrored-kube-vip-kube-vip:v1.0.2', true],
    ['registry.example.org/rancher/mirrored-kube-vip-kube-vip-iptables:v0.8.9-rancher1', true],
    ['docker.io/plndr/kube-vip:v0.4.0', true],
    ['registry.example.org/plndr-kube-vip:v0.4.0', true],
    ['ghcr.io/kube-vip/kube-vip-debug:v1.1.2', true],
    ['ghcr.io/kube-vip/kube-vip-cloud-provider:v0.0.12', false],
    ['ghcr.io/kube-vip-operator/kube-vip-operator:v0.1.0', false],
    ['example.org/not-kube-vip:v1', false],
    ['example.org/web', false],
  ])('%s: %s', (image, isOne) => {
    expect(isKubeVipImage(image)).toBe(isOne);
  });
});

describe.each(['foreign-kube-vip', 'foreign-kube-vip-claims'])('policy %s', (name) => {
  const [policy] = parseAllDocuments(readFileSync(`config/admission/${name}.yaml`, 'utf8')).map(
    (document) => document.toJS() as V1ValidatingAdmissionPolicy,
  );
  const { matchConditions = [], variables = [] } = policy?.spec ?? {};
  const expressions = [...matchConditions, ...variables].map((row) => row.expression);
  const written = (pattern: RegExp): readonly (string | undefined)[] =>
    expressions.flatMap((text) => [...text.matchAll(pattern)].map(([, found]) => found));

  it('takes the same images for kube-vip, where it applies and where it judges', () => {
    expect(written(/image\.orValue\(''\)\.matches\('([^']+)'\)/g)).toEqual([kubeVipPattern, kubeVipPattern]);
    expect(written(/image\.matches\('([^']+)'\)/g)).toEqual([otherProgramPattern, otherProgramPattern]);
  });
});

it('knows Cilium by its agent', () => {
  const images = ['quay.io/cilium/cilium:v1.18.0', 'quay.io/cilium/operator-generic:v1.18.0'];
  expect(images.map(isCiliumImage)).toEqual([true, false]);
});
