// That this operator renders a spec otherwise than what runs, and that nothing restarts for it.
import { annotations, componentName } from '../api/metadata.ts';
import { message } from '../api/words.ts';
import type { Observed } from '../observed/observed.ts';
import { newerRenderingsOf, type Plan } from '../plan/plan.ts';
import type { NewCondition } from './set-condition.ts';

/** The condition RenderingWaits; undefined while none waits. */
export function renderingWaits({ spec: { name } }: Observed, plan: Plan): NewCondition | undefined {
  const rows = newerRenderingsOf(plan);
  const [first] = rows;
  if (first === undefined) {
    return undefined;
  }
  const names = rows.map(({ component }) => componentName(name, component)).join(' and ');
  const paths = rows.map(({ component, path }) => `${componentName(name, component)}: ${path}`).join(', ');
  const hashes = rows.map(({ hash }) => hash).join(',');
  return {
    type: 'RenderingWaits',
    status: 'True',
    reason: 'NewerRendering',
    ...message(
      [`This operator renders DaemonSet ${names} otherwise than what runs`, 'A newer rendering waits'],
      {
        detail: `What runs is kept as it was applied (${paths})`,
        todo: `run kubectl annotate --overwrite kubevipconfig ${name} ${annotations.takeRendering}=${hashes} to take it, which restarts its pods. An edit of that part of the spec takes it too`,
      },
    ),
  };
}
