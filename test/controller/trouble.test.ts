import { describe, expect, it, jest } from '@jest/globals';
import { pino } from 'pino';
import { ApiError, KubeConfigError } from '../../src/cluster/errors.ts';
import { resources } from '../../src/cluster/resources.ts';
import { Trouble } from '../../src/controller/trouble.ts';

const refused = new Error('connect ECONNREFUSED');
const forbidden = new ApiError(403, 'GET /x', 'forbidden');

function makeTrouble(refresh: () => void = () => undefined) {
  const lines: string[] = [];
  const clock = { now: 0 };
  const log = pino({}, { write: (line: string) => void lines.push(line) });
  const trouble = new Trouble({ log, refresh, now: () => clock.now });
  const said = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  return { trouble, clock, said };
}

describe('Trouble', () => {
  it('says once what all watches have in common', () => {
    const { trouble, said } = makeTrouble();
    trouble.report(resources.configs, refused, 500);
    trouble.report(resources.pods, refused, 500);
    expect(said()).toMatchObject([
      { cause: 'connect ECONNREFUSED', resource: 'kubevipconfigs', retryMs: 500 },
    ]);
  });

  it('says what needs another step', () => {
    const { trouble, said } = makeTrouble();
    trouble.report(resources.configs, refused, 500);
    trouble.report(resources.pods, forbidden, 500);
    expect(said()).toHaveLength(2);
  });

  it('says it again at the next attempt', () => {
    const { trouble, clock, said } = makeTrouble();
    trouble.report(resources.configs, refused, 500);
    clock.now = 500;
    trouble.report(resources.pods, refused, 1000);
    clock.now = 510;
    trouble.report(resources.configs, refused, 1000);
    expect(said().map(({ retryMs }) => retryMs)).toEqual([500, 1000]);
  });

  it('reads the kubeconfig again each time', () => {
    const refresh = jest.fn();
    const { trouble } = makeTrouble(refresh);
    trouble.report(resources.configs, refused, 500);
    trouble.report(resources.pods, refused, 500);
    expect(refresh).toHaveBeenCalledTimes(2);
  });

  it('says what is wrong with the kubeconfig rather than what came of it', () => {
    const { trouble, said } = makeTrouble(() => {
      throw new KubeConfigError('x: expected YAML');
    });
    trouble.report(resources.configs, refused, 500);
    expect(said()).toMatchObject([{ cause: 'x: expected YAML' }]);
  });
});
