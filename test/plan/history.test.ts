// What is recorded of the renderings that are applied, and when it is forgotten.
import { describe, expect, it } from '@jest/globals';
import { annotations, labels } from '../../src/api/metadata.ts';
import type { RecordedRendering } from '../../src/observed/recorded.ts';
import type { Snapshot } from '../../src/observed/snapshot.ts';
import { decidedOf, stepsOf } from '../../src/plan/plan.ts';
import { applied, freshSnapshot, kubeVipConfig, rendering } from '../builders.ts';
import { decide } from '../pass.ts';
import { recorded } from '../recorded.ts';
import { controlPlane, edited, records, refusedPods, upgrade, world } from './applied-before.ts';
import { set } from './field-owners.ts';

describe('the records', () => {
  const historyOf = (of: Snapshot): readonly string[] =>
    decide(of).history.map((step) =>
      step.kind === 'record'
        ? `record ${step.record.daemonSet} ${step.record.revision}${step.isNew ? ' new' : ''}`
        : `forget ${step.revision}`,
    );
  const many = Array.from({ length: 12 }, (_, index): RecordedRendering => {
    const object = set(controlPlane, ['metadata', 'annotations', annotations.renderedHash], `h${index}`);
    return recorded({ object, revision: index + 10 });
  });

  it.each<[string, Snapshot, readonly string[]]>([
    [
      'are made with the first apply',
      freshSnapshot(),
      ['record edge-control-plane 1 new', 'record edge-services 1 new'],
    ],
    ['are let alone while nothing changes', world({}), []],
    [
      'are made with a change, and count up',
      world({ config: upgrade }),
      ['record edge-control-plane 2 new', 'record edge-services 2 new'],
    ],
    ['are not made of what is held', world({ config: upgrade, survey: refusedPods }), []],
    [
      'note an edit that renders the same',
      world({ config: edited({ spec: { controlPlane: { addresses: ['203.0.113.100'], port: 6443 } } }) }),
      ['record edge-control-plane 1', 'record edge-services 1'],
    ],
    [
      'note an edit that renders the same while the config is suspended',
      world({ config: edited({ spec: { suspend: true } }) }),
      ['record edge-control-plane 1', 'record edge-services 1'],
    ],
    [
      'note no edit that is held back by a suspension',
      world({ config: edited({ spec: { suspend: true, version: 'v1.0.4' } }) }),
      [],
    ],
    [
      'are ten of each component',
      world({ recorded: [...many, ...records.map((row) => ({ ...row, revision: 30 }))] }),
      ['forget edge-control-plane-h2', 'forget edge-control-plane-h1', 'forget edge-control-plane-h0'],
    ],
    [
      'are forgotten with what is taken away',
      world({ config: edited({ spec: { services: undefined } }) }),
      ['record edge-control-plane 1', `forget ${records[1]?.name}`],
    ],
    [
      'of a config before of the same name do not count',
      freshSnapshot({
        recorded: rendering(kubeVipConfig({ metadata: { uid: 'x' } })).map((object) => recorded({ object })),
      }),
      ['record edge-control-plane 1 new', 'record edge-services 1 new'],
    ],
  ])('%s', (_, of, expected) => {
    expect(historyOf(of)).toEqual(expected);
  });

  it('mark the pods of what is applied anew, and of nothing that runs', () => {
    const revisionsIn = (of: Snapshot) =>
      decidedOf(decide(of)).map((row) =>
        'object' in row ? row.object?.spec?.template.metadata?.labels?.[labels.revision] : undefined,
      );
    expect(revisionsIn(freshSnapshot())).toEqual(records.map(({ hash }) => hash));
    expect(revisionsIn(world({}))).toEqual([undefined, undefined]);
    const marked = stepsOf(decide(freshSnapshot())).flatMap((step) =>
      'object' in step ? [applied(step.object)] : [],
    );
    expect(stepsOf(decide(world({ daemonSets: marked, recorded: [] })))).toEqual([]);
  });
});
