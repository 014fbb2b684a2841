// That the chart and config/ are one install: real Helm and real kustomize render both, and every object is compared.
import { describe, expect, it, jest } from '@jest/globals';
import { chartCases, type ChartCase } from './cases.ts';
import { exceptions, withoutExceptions } from './exceptions.ts';
import { built, objectsIn, rendered } from './rendering.ts';

jest.setTimeout(60_000);

const both = async ({ values, overlay }: Pick<ChartCase, 'values' | 'overlay'>, which = exceptions) => {
  const [chart, config] = await Promise.all([rendered(values), built(overlay)]);
  return [withoutExceptions('chart', chart, which), withoutExceptions('config', config, which)] as const;
};

describe('the chart is what kustomize builds', () => {
  it.each(chartCases)('with $title', async (wanted) => {
    const [chart, config] = await both(wanted);
    expect(Object.keys(chart).sort()).toEqual(Object.keys(config).sort());
    expect(chart).toEqual(config);
  });

  it('has each set of values change something', async () => {
    const standard = JSON.stringify(await built({}));
    const others = await Promise.all(chartCases.slice(1).map(({ overlay }) => built(overlay)));
    expect(others.filter((objects) => JSON.stringify(objects) === standard)).toEqual([]);
  });

  it.each(exceptions)('needs the exception of $title: $because', async ({ title }) => {
    const others = exceptions.filter((exception) => exception.title !== title);
    const [chart, config] = await both({ values: {}, overlay: {} }, others);
    expect(chart).not.toEqual(config);
  });
});

describe('what is rendered', () => {
  it('is the same from a release in any namespace', async () => {
    expect(await rendered({}, '--namespace', 'kube-vip-system')).toEqual(await rendered({}));
  });

  it('has no object twice', () => {
    const one = 'kind: A\nmetadata: { name: x }\n';
    expect(() => objectsIn(`${one}---\n${one}`)).toThrow('expected each object once, found A /x, A /x');
  });
});
