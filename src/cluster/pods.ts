// The end of a pod of kube-vip.
import { systemNamespace } from '../api/metadata.ts';
import type { DeletePod } from '../steps/step.ts';
import { absentIsFine } from './errors.ts';
import type { Http } from './http.ts';
import { pathOf, resources } from './resources.ts';

// A process that is stopped would sit out the whole time that its pod has to end.
const graceOf = ({ why }: DeletePod) => (why === 'second-owner' ? { gracePeriodSeconds: 1 } : {});

/** Ends a pod, with the grace that its template gives, or kills a second owner. */
export async function deletePod(http: Pick<Http, 'send'>, step: DeletePod): Promise<void> {
  const path = pathOf(resources.pods, systemNamespace, step.pod);
  const body = { ...graceOf(step), preconditions: { uid: step.uid } };
  await absentIsFine(http.send({ method: 'DELETE', path, body }));
}
