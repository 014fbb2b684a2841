// That this operator renders a spec otherwise than what runs, and that nothing restarts for it.
import { annotations, componentName, systemNamespace } from '../api/metadata.ts';
import type { Observed } from '../observed/observed.ts';
import { newerRenderingsOf, type Plan } from '../plan/plan.ts';
import type { NewCondition } from './set-condition.ts';

/** Undefined: none waits. */
export function renderingWaits({ spec: { name } }: Observed, plan: Plan): NewCondition | undefined {
  const rows = newerRenderingsOf(plan);
  if (rows.length === 0) {
    return undefined;
  }
  const what = rows.map(({ component, path }) => `DaemonSet ${componentName(name, component)} (${path})`);
  const take = `kubectl annotate --overwrite kubevipconfig ${name} ${annotations.takeRendering}=${rows.map(({ hash }) => hash).join(',')}`;
  return {
    type: 'RenderingWaits',
    status: 'True',
    reason: 'NewerRendering',
    message: `This operator renders ${what.join(' and ')} otherwise; what runs in ${systemNamespace} is kept as it was applied. To take the new rendering, which restarts its pods: ${take}; an edit of that part of the spec takes it, too.`,
  };
}
