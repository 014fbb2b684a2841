import { describe, expect, it } from '@jest/globals';
import { hazards } from '../../../src/catalog/hazards.ts';
import { variables } from '../../../src/catalog/variables.ts';
import * as settings from '../../../src/observed/neighbours/kube-vip-settings.ts';
import { workload } from '../../preflight/survey-builders.ts';

type Env = Readonly<Record<string, string>>;

const of = (version: string, args: readonly string[], env: Env) =>
  workload({ images: [`ghcr.io/kube-vip/kube-vip${version}`], args, env });

interface Case {
  readonly args?: readonly string[];
  readonly env?: Env;
  readonly value: string | undefined;
}

describe('settingOf', () => {
  const name = 'svc_leasename';
  const svc_enable = 'true';
  it.each<[string, string, Case]>([
    ['nothing', 'svc_enable', { args: ['manager'], value: undefined }],
    ['a variable', 'vip_leasename', { env: { vip_leasename: 'a' }, value: 'a' }],
    ['a flag', 'vip_leasename', { args: ['--leaseName', 'a'], value: 'a' }],
    ['the last of two', 'vip_leasename', { args: ['--leaseName=a', '--leaseName=b'], value: 'b' }],
    [
      'a variable before a flag',
      'vip_leasename',
      { args: ['--leaseName=a'], env: { vip_leasename: 'b' }, value: 'b' },
    ],
    [
      'a flag before an empty variable',
      'vip_leasename',
      { args: ['--leaseName=a'], env: { vip_leasename: '' }, value: 'a' },
    ],
    ['a short flag', 'cp_namespace', { args: ['-n', 'a'], value: 'a' }],
    ['a switch', 'svc_enable', { args: ['manager', '--arp', '--services'], value: 'true' }],
    ['a switch before a word of nobody', 'svc_enable', { args: ['--services', 'false'], value: 'true' }],
    ['a switch that is off', 'svc_enable', { args: ['--services=0'], value: 'false' }],
    [
      'a switch that a variable turns off',
      'svc_enable',
      { args: ['--services'], env: { svc_enable: 'F' }, value: 'false' },
    ],
    ['a switch as Go reads it', 'svc_enable', { env: { svc_enable: 'T' }, value: 'true' }],
    ['a switch that does not parse as it is', 'svc_enable', { env: { svc_enable: 'yes' }, value: 'yes' }],
    ['no flag that only begins alike', 'svc_enable', { args: ['--servicesElection'], value: undefined }],
    [
      'no variable of Services without svc_enable',
      name,
      { args: ['--services'], env: { [name]: 'a' }, value: undefined },
    ],
    ['one with it', name, { args: ['--servicesLeaseName=b'], env: { svc_enable, [name]: 'a' }, value: 'a' }],
  ])('takes %s', (_, setting, { args = [], env = {}, value }) => {
    expect(settings.settingOf(of(':v1.1.2', args, env), setting)).toBe(value);
  });

  it.each([
    [':v0.8.0', 'a/b'],
    [':v0.8.1', ''],
    ['@sha256:0', ''],
  ])('takes an empty lb_class_name of %s for "%s"', (version, value) => {
    const env = { svc_enable: 'true', lb_class_name: '' };
    expect(settings.settingOf(of(version, ['--lbClassName=a/b'], env), 'lb_class_name')).toBe(value);
  });
});

describe('flagOfVariable', () => {
  const withoutFlag = [
    'EGRESS_CLEAN',
    'egress_clean',
    'egress_enableinternalsnat',
    'egress_podcidr',
    'egress_servicecidr',
    'enableUPNP',
    'enable_upnp',
    'kubernetes_addr',
  ];

  it('has every variable that a hazard judges and that has a flag', () => {
    const judged = hazards.flatMap(({ fences }) =>
      fences.flatMap((fence) =>
        fence.kind === 'not-expressible' ? [...(fence.never ?? []), ...Object.keys(fence.always ?? {})] : [],
      ),
    );
    const missing = judged.filter((name) => settings.flagOfVariable[name] === undefined);
    expect([...new Set(missing)].toSorted()).toEqual(withoutFlag);
  });

  it('has none that kube-vip does not read', () => {
    const known = new Set(variables.map(({ name }) => name));
    expect(Object.keys(settings.flagOfVariable).filter((name) => !known.has(name))).toEqual([]);
  });
});
