import { describe, expect, it } from '@jest/globals';
import type { Step } from '../../src/steps/step.ts';
import { toText } from '../../src/api/words.ts';
import { written } from '../../src/status/plan-progress.ts';
import { daemonSet } from '../builders.ts';
import { planOf } from '../pass.ts';

const object = daemonSet();
const writers =
  'See who else writes it: kubectl -n kube-vip-system get ds edge-control-plane -o yaml --show-managed-fields';
const log = 'Look at the log of the operator';

describe('written', () => {
  it('says nothing of nothing', () => {
    expect(written(planOf([]))).toBeUndefined();
  });

  it.each<readonly [string, readonly Step[], string, string]>([
    [
      'what is new',
      [{ kind: 'apply', object, why: 'missing' }],
      'DaemonSet edge-control-plane has just been written.',
      writers,
    ],
    [
      'what was undone',
      [{ kind: 'replace-spec', object, why: 'drifted', path: 'x' }],
      'DaemonSet edge-control-plane has just been put back.',
      writers,
    ],
    [
      'what goes',
      [{ kind: 'delete', object }],
      'DaemonSet edge-control-plane has just been deleted.',
      writers,
    ],
    ['a Lease', [{ kind: 'delete-lease', name: 'x' }], 'Lease x has just been written.', log],
    [
      'the finalizer and more',
      [{ kind: 'add-finalizer' }, { kind: 'apply', object, why: 'changed', path: 'x' }],
      'The finalizer of this KubeVipConfig has just been written. DaemonSet edge-control-plane has just been written.',
      writers,
    ],
  ])('names %s', (_, steps, message, late) => {
    const said = written(planOf(steps));
    expect(said).toMatchObject({ reason: 'Applying', passing: true, late });
    expect(said && toText(said)).toBe(message);
  });
});
