// The end of a pod that is stopped or stuck.
import { systemNamespace } from '../api/metadata.ts';
import type { RemedyStep } from '../steps/step.ts';
import { absentIsFine } from './errors.ts';
import type { Http } from './http.ts';
import { pathOf, resources } from './resources.ts';

/** Kills a pod. A process that is stopped would sit out the whole time that its pod has to end. */
export async function endPod(http: Pick<Http, 'send'>, { pod, uid }: RemedyStep): Promise<void> {
  const path = pathOf(resources.pods, systemNamespace, pod);
  const body = { gracePeriodSeconds: 1, preconditions: { uid } };
  await absentIsFine(http.send({ method: 'DELETE', path, body }));
}
