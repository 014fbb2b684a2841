// One row per setting: what it renders to, and where it must not appear.
import { describe, expect, it } from '@jest/globals';
import { effectiveSpec } from '../../src/api/defaults.ts';
import type { ComponentKind } from '../../src/api/metadata.ts';
import type { JsonSchema } from '../../src/api/json-schema.ts';
import { specSchema } from '../../src/api/spec-schema.ts';
import type { KubeVipConfig, KubeVipConfigSpec } from '../../src/api/types.ts';
import { settings } from '../../src/catalog/settings.ts';
import { fieldOf, type Setting } from '../../src/catalog/settings/row.ts';
import { choosable } from '../../src/catalog/verdicts.ts';
import { renderEnv } from '../../src/render/env.ts';
import { kubeVipConfig } from '../builders.ts';

const keyOf = ({ env, only, since = '', before = '' }: Setting): string =>
  `${env} ${only ?? 'both'} ${since}..${before}`;

const spec: Partial<KubeVipConfigSpec> = {
  controlPlane: { addresses: ['2001:db8::1', '192.0.2.1'], port: 8443, interface: 'eth0' },
  services: { loadBalancerClass: 'a.io/b', namespace: 'web', interface: 'eth1' },
  leaderElection: { leaseDurationSeconds: 30, renewDeadlineSeconds: 12, retryPeriodSeconds: 4 },
  arp: { announceIntervalSeconds: 5 },
};

function env(version: string, component: ComponentKind, overrides: Partial<KubeVipConfigSpec> = {}) {
  const config = kubeVipConfig({ spec: { ...spec, version, ...overrides } });
  const rendered = renderEnv({
    spec: effectiveSpec(config),
    component,
    namespace: 'kube-vip-system',
    metricsPort: 29100,
  });
  return new Map(rendered.map((row) => [row.name, row.value ?? row.valueFrom?.fieldRef?.fieldPath]));
}

interface Example {
  /** A release and a function that get the variable, and with what value. */
  readonly here: readonly [version: string, component: ComponentKind, value: string];
  /** The same for a release or a function that gets none, or another value. */
  readonly elsewhere?: readonly [version: string, component: ComponentKind, value: string | undefined];
}

const cp = 'control-plane';
const svc = 'services';

const examples: Readonly<Record<string, Example>> = {
  'vip_arp both ..': { here: ['v0.6.4', cp, 'true'] },
  'vip_leaderelection both ..': { here: ['v1.2.3', svc, 'true'] },
  'cp_enable control-plane ..': { here: ['v1.1.2', cp, 'true'], elsewhere: ['v1.1.2', svc, undefined] },
  'svc_enable services ..': { here: ['v1.1.2', svc, 'true'], elsewhere: ['v1.1.2', cp, undefined] },
  'vip_arpRate both ..': { here: ['v1.1.2', cp, '5000'] },
  'address control-plane ..': {
    here: ['v1.1.2', cp, '2001:db8::1,192.0.2.1'],
    elsewhere: ['v1.1.2', svc, undefined],
  },
  'port control-plane ..': { here: ['v1.1.2', cp, '8443'], elsewhere: ['v1.1.2', svc, undefined] },
  'vip_interface both ..': { here: ['v1.1.2', cp, 'eth0'], elsewhere: ['v1.1.2', svc, 'eth1'] },
  'vip_subnet control-plane ..v0.8.5': {
    here: ['v0.6.4', cp, '/32,128'],
    elsewhere: ['v0.8.7', cp, undefined],
  },
  'vip_cidr control-plane v0.8.5..v0.9.0': {
    here: ['v0.8.10', cp, '32,128'],
    elsewhere: ['v0.9.0', cp, undefined],
  },
  'vip_cidr services v0.8.5..v0.9.0': {
    here: ['v0.8.7', svc, '32,128'],
    elsewhere: ['v0.6.4', svc, undefined],
  },
  'vip_subnet control-plane v0.9.0..': { here: ['v1.0.4', cp, '32,128'] },
  'vip_subnet services v0.9.0..': { here: ['v1.0.4', svc, '32,128'] },
  'vip_leasename control-plane ..': {
    here: ['v1.1.2', cp, 'edge-control-plane'],
    elsewhere: ['v1.1.2', svc, undefined],
  },
  'svc_leasename services ..': {
    here: ['v1.1.2', svc, 'edge-services'],
    elsewhere: ['v1.1.2', cp, undefined],
  },
  'cp_namespace both ..': { here: ['v0.6.4', svc, 'kube-vip-system'] },
  'vip_nodename both v0.8.0..': {
    here: ['v1.0.4', cp, 'spec.nodeName'],
    elsewhere: ['v0.6.4', cp, undefined],
  },
  'vip_leaseduration both ..': { here: ['v0.6.4', cp, '30'] },
  'vip_renewdeadline both ..': { here: ['v0.6.4', cp, '12'] },
  'vip_retryperiod both ..': { here: ['v0.6.4', svc, '4'] },
  'HTTP2_READ_IDLE_TIMEOUT_SECONDS both ..v0.8.9': {
    here: ['v0.6.4', cp, '12'],
    elsewhere: ['v1.0.4', cp, undefined],
  },
  'HTTP2_PING_TIMEOUT_SECONDS both ..v0.8.9': {
    here: ['v0.8.7', svc, '12'],
    elsewhere: ['v1.0.4', svc, undefined],
  },
  'svc_election services ..': { here: ['v1.1.2', svc, 'false'], elsewhere: ['v1.1.2', cp, undefined] },
  'svc_namespace services ..': { here: ['v1.1.2', svc, 'web'], elsewhere: ['v1.1.2', cp, undefined] },
  'lb_class_only services ..': { here: ['v0.6.4', svc, 'true'], elsewhere: ['v1.1.2', cp, undefined] },
  'lb_class_name services ..': { here: ['v0.6.4', svc, 'a.io/b'], elsewhere: ['v1.1.2', cp, undefined] },
  'lb_class_legacy_handling services v0.8.1..': {
    here: ['v1.0.4', svc, 'false'],
    elsewhere: ['v0.6.4', svc, undefined],
  },
  'KUBERNETES_SERVICE_HOST control-plane ..': {
    here: ['v1.1.2', cp, 'status.hostIP'],
    elsewhere: ['v1.1.2', svc, undefined],
  },
  'KUBERNETES_SERVICE_PORT control-plane ..': {
    here: ['v1.1.2', cp, '8443'],
    elsewhere: ['v1.1.2', svc, undefined],
  },
  'prometheus_server both ..': { here: ['v1.1.2', cp, ':29100'] },
  'vip_loglevel both ..v0.8.10': { here: ['v0.8.9', cp, '4'], elsewhere: ['v1.1.2', cp, '0'] },
  'vip_loglevel both v0.8.10..': { here: ['v0.8.10', svc, '0'], elsewhere: ['v0.6.4', svc, '4'] },
};

describe('settings', () => {
  it('have an example each', () => {
    expect(Object.keys(examples)).toEqual(settings.map(keyOf));
  });

  it.each(Object.entries(examples))('%s', (key, { here, elsewhere }) => {
    const [name = ''] = key.split(' ');
    const [version, component, value] = here;
    expect(env(version, component).get(name)).toBe(value);
    const [otherVersion, otherComponent, other] = elsewhere ?? here;
    expect(env(otherVersion, otherComponent).get(name)).toBe(other);
  });

  it.each(settings.map((row) => [keyOf(row), row.why]))('%s says why', (_, why) => {
    expect(why).toMatch(/^\S.+\.$/);
  });

  it.each(
    choosable.flatMap(({ version }) =>
      ([cp, svc] as const).map((component) => [version, component] as const),
    ),
  )('%s %s has no variable twice and never the health port', (version, component) => {
    const config = kubeVipConfig({ spec: { ...spec, version } });
    const names = renderEnv({
      spec: effectiveSpec(config),
      component,
      namespace: 'x',
      metricsPort: 1,
    }).map((row) => row.name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).not.toContain('health_check_port');
  });

  it.each([
    ['an interface that is not given', 'vip_interface', cp, { controlPlane: { addresses: ['192.0.2.1'] } }],
    ['a namespace that is not given', 'svc_namespace', svc, { services: {} }],
    [
      'the local API server with apiAccess Service',
      'KUBERNETES_SERVICE_HOST',
      cp,
      { controlPlane: { addresses: ['192.0.2.1'], apiAccess: 'Service' } },
    ],
    [
      'the local API port with apiAccess Service',
      'KUBERNETES_SERVICE_PORT',
      cp,
      { controlPlane: { addresses: ['192.0.2.1'], apiAccess: 'Service' } },
    ],
  ] as const)('leave out %s', (_, name, component, overrides) => {
    expect(env('v1.1.2', component, overrides).has(name)).toBe(false);
  });

  it.each([
    ['one IPv4 address', ['192.0.2.1'], '32'],
    ['one IPv6 address', ['2001:db8::1'], '128'],
    ['both, whatever the order', ['2001:db8::1', '192.0.2.1'], '32,128'],
  ])('give the host prefix of %s', (_, addresses, expected) => {
    expect(env('v1.1.2', cp, { controlPlane: { addresses } }).get('vip_subnet')).toBe(expected);
  });
});

const getting = settings.flatMap((row) =>
  (['control-plane', 'services'] as const)
    .filter((component) => row.only === undefined || row.only === component)
    .map((component) => [`${keyOf(row)} of ${component}`, row, component] as const),
);

const base = kubeVipConfig({
  spec: { ...spec, controlPlane: { addresses: ['192.0.2.1'], port: 8443, interface: 'eth0' } },
});

/** The same with another value of one field. */
function changed(field: string): KubeVipConfig {
  const { controlPlane = { addresses: [] }, services, leaderElection } = base.spec;
  const specs: Readonly<Record<string, Partial<KubeVipConfigSpec>>> = {
    'spec.arp.announceIntervalSeconds': { arp: { announceIntervalSeconds: 6 } },
    'spec.controlPlane.addresses': { controlPlane: { ...controlPlane, addresses: ['2001:db8::1'] } },
    'spec.controlPlane.port': { controlPlane: { ...controlPlane, port: 7443 } },
    'spec.controlPlane.interface': { controlPlane: { ...controlPlane, interface: 'lan0' } },
    'spec.controlPlane.apiAccess': { controlPlane: { ...controlPlane, apiAccess: 'Service' } },
    'spec.services.interface': { services: { ...services, interface: 'lan0' } },
    'spec.services.namespace': { services: { ...services, namespace: 'other' } },
    'spec.services.loadBalancerClass': { services: { ...services, loadBalancerClass: 'c.io/d' } },
    'spec.leaderElection.leaseDurationSeconds': {
      leaderElection: { ...leaderElection, leaseDurationSeconds: 45 },
    },
    'spec.leaderElection.renewDeadlineSeconds': {
      leaderElection: { ...leaderElection, renewDeadlineSeconds: 11 },
    },
    'spec.leaderElection.retryPeriodSeconds': {
      leaderElection: { ...leaderElection, retryPeriodSeconds: 3 },
    },
  };
  return field === 'metadata.name'
    ? kubeVipConfig({ name: 'other', spec: base.spec })
    : kubeVipConfig({ spec: { ...base.spec, ...specs[field] } });
}

const fields = [...new Set(getting.flatMap(([, row, component]) => fieldOf(row, component) ?? []))];

function fieldsThatChange(row: Setting, component: ComponentKind): readonly string[] {
  const valueOf = (config: KubeVipConfig) =>
    JSON.stringify(
      row.value({ spec: effectiveSpec(config), component, namespace: 'kube-vip-system', metricsPort: 29100 }),
    );
  return fields.filter((field) => valueOf(changed(field)) !== valueOf(base));
}

describe('the field of a variable', () => {
  it.each(fields.filter((field) => field !== 'metadata.name'))('%s is in the schema', (field) => {
    const [, ...names] = field.split('.');
    const found = names.reduce<JsonSchema | undefined>((here, name) => here?.properties?.[name], specSchema);
    expect(found).toBeDefined();
  });

  it.each(getting.filter(([, row]) => row.field !== undefined))(
    'of %s decides its value',
    (_, row, component) => {
      expect(fieldsThatChange(row, component)).toContain(fieldOf(row, component));
    },
  );

  it.each(getting.filter(([, row]) => row.field === undefined))(
    'of %s is none: no field changes it, and the row says why',
    (_, row, component) => {
      expect(fieldsThatChange(row, component)).toEqual([]);
      expect(row.why).toMatch(/^(?!spec\.).{10,}\.$/);
    },
  );
});
