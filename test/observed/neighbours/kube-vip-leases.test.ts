import { describe, expect, it } from '@jest/globals';
import type { ComponentKind } from '../../../src/api/metadata.ts';
import { leaseOf } from '../../../src/observed/neighbours/kube-vip-leases.ts';
import type { Workload } from '../../../src/observed/neighbours/survey.ts';
import { workload } from '../../preflight/survey-builders.ts';

type Env = Readonly<Record<string, string>>;

const cp = { cp_enable: 'true' };
const svc = { svc_enable: 'true' };
const arp = { vip_arp: 'true' };
const told = { cp_namespace: 'told' };
const other = { ...cp, vip_leasename: 'x/y' };

function lease(component: ComponentKind, tag: string, env: Env, overrides: Partial<Workload> = {}): string {
  const images = [`ghcr.io/kube-vip/kube-vip${tag}`];
  return leaseOf(workload({ namespace: 'own', images, env: { ...arp, ...env }, ...overrides }), component);
}

describe('the Lease of a control plane', () => {
  it.each([
    ['is where it is told before v1.1.0', ':v0.7.2', { ...cp, ...told }, 'told/plndr-cp-lock'],
    ['also with v1.0.4', ':v1.0.4', { ...cp, ...told }, 'told/plndr-cp-lock'],
    ['is in kube-system where it is told nothing', ':v0.9.2', cp, 'kube-system/plndr-cp-lock'],
    ['is in the namespace of its pod from v1.1.0 on', ':v1.1.0', { ...cp, ...told }, 'own/plndr-cp-lock'],
    ['is where its name says from v1.1.0 on', ':v1.2.3', { ...other, ...told }, 'x/y'],
    ['is somewhere where the release is not known', '@sha256:0', { ...cp, ...told }, 'plndr-cp-lock'],
    ['is where its name says there too', '@sha256:0', other, 'x/y'],
  ])('%s', (_, tag, env, name) => {
    expect(lease('control-plane', tag, env)).toBe(name);
  });
});

describe('the Lease of Services', () => {
  it.each([
    ['is in the namespace of its pod', ':v0.7.2', { ...svc, ...told }, 'own/plndr-svcs-lock'],
    ['is beside that of a control plane', ':v0.7.2', { ...svc, ...cp, ...told }, 'told/plndr-svcs-lock'],
    ['also with v1.0.3', ':v1.0.3', { ...svc, ...cp, ...told }, 'told/plndr-svcs-lock'],
    [
      'but not in another mode',
      ':v0.7.2',
      { ...svc, ...cp, ...told, vip_arp: 'false' },
      'own/plndr-svcs-lock',
    ],
    ['nor from v1.0.4 on', ':v1.0.4', { ...svc, ...cp, ...told }, 'own/plndr-svcs-lock'],
    ['nor from v1.1.0 on', ':v1.1.2', { ...svc, ...cp, ...told }, 'own/plndr-svcs-lock'],
    ['is somewhere where the release is not known', '@sha256:0', { ...svc, ...told }, 'plndr-svcs-lock'],
  ])('%s', (_, tag, env, name) => {
    expect(lease('services', tag, env)).toBe(name);
  });
});

describe('a static pod, which has no token', () => {
  it.each<[ComponentKind, string, Env, string]>([
    ['control-plane', ':v1.1.2', { ...cp, ...told }, 'told/plndr-cp-lock'],
    ['control-plane', ':v1.1.2', { ...other, ...told }, 'x/y'],
    ['services', ':v0.7.2', { ...svc, ...told }, 'told/plndr-svcs-lock'],
    ['services', ':v1.1.2', svc, 'kube-system/plndr-svcs-lock'],
    ['services', '@sha256:0', { ...svc, ...told }, 'told/plndr-svcs-lock'],
  ])('has its Lease for %s of %s where it is told', (component, tag, env, name) => {
    expect(lease(component, tag, env, { kind: 'Pod', isStatic: true })).toBe(name);
  });
});
