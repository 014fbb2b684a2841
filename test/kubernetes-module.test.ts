// How another release of Kubernetes is built, and that the rows of releases fit what the lab has.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { kubernetesReleases, newestKubernetes, oldestKubernetes } from '../src/catalog/kubernetes.ts';
import { moduleText, moduleVersion } from './lab/kubernetes-module.ts';

describe('the releases of Kubernetes', () => {
  it('are minor versions without a gap, each with one of its patch releases', () => {
    const numbers = kubernetesReleases.map(({ minor }) => Number(minor.replace('1.', '')));
    expect(numbers).toEqual(numbers.map((_, at) => (numbers[0] ?? 0) + at));
    for (const { minor, tested } of kubernetesReleases)
      expect(tested).toMatch(new RegExp(`^${minor}\\.\\d+$`));
  });

  it('end with the one of make test', () => {
    const usual = /k8s\.io\/kubernetes (v\S+)/.exec(readFileSync('test/lab/tools/kubernetes/go.mod', 'utf8'));
    expect(moduleVersion(newestKubernetes)).toBe(usual?.[1]);
  });

  it('are chosen by minor version, and by nothing else', () => {
    expect(moduleVersion(oldestKubernetes)).toBe(`v${kubernetesReleases[0].tested}`);
    expect(() => moduleVersion('1.30')).toThrow(
      'KUBERNETES_VERSION: expected one of 1.31, 1.32, 1.33, 1.34, 1.35, 1.36, found 1.30',
    );
  });
});

it('a release is built from its own go.mod, with its staging modules as they are published', () => {
  const published = {
    Go: '1.24.0',
    Godebug: [{ Key: 'default', Value: 'go1.24' }],
    Replace: [
      { Old: { Path: 'k8s.io/api' }, New: { Path: './staging/src/k8s.io/api' } },
      { Old: { Path: 'example.org/fork' }, New: { Path: 'example.org/other' } },
    ],
  };
  expect(moduleText('v1.33.13', published).split('\n')).toEqual([
    'module kubevip.dev/operator/test/lab/other-kubernetes',
    'go 1.24.0',
    'godebug default=go1.24',
    'require k8s.io/kubernetes v1.33.13',
    'replace k8s.io/api => k8s.io/api v0.33.13',
    '',
  ]);
});
