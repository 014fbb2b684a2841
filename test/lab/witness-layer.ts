// The witness in the operator's image. Go builds it from the checkout, for one architecture, and its file has the one
// capability that it needs. The Dockerfile does the same in a stage of its own.
import { join } from 'node:path';
import type { FinalStage } from './dockerfile.ts';
import { fingerprint, makeNetRawLayer, ownArchitecture, type Layer } from './oci.ts';
import { ensureGoProgram, type Log } from './tools.ts';

/** The stage of the Dockerfile that builds it. */
export const witnessStage = 'witness';

/** What is asked of {@link ensureWitness}. */
export interface WitnessRequest {
  readonly checkout: string;
  /** As OCI and Go call it. That of this machine where it is not said. */
  readonly architecture?: string;
  readonly log?: Log | undefined;
}

/** The witness of a checkout, built. */
export const ensureWitness = ({
  checkout,
  architecture = ownArchitecture,
  log,
}: WitnessRequest): Promise<string> =>
  ensureGoProgram({ source: join(checkout, 'witness'), program: 'witness', architecture }, log);

/** The layer with the witness. None for an earlier operator, whose image has none. */
export async function witnessLayers(stage: FinalStage, request: WitnessRequest): Promise<Layer[]> {
  const copy = stage.copies.find((one) => one.stage === witnessStage);
  if (copy === undefined) return [];
  const binary = await ensureWitness(request);
  const to = copy.isFolder ? join(copy.to, 'witness') : copy.to;
  return [await makeNetRawLayer(`${fingerprint(binary)} ${to}`, () => [{ from: binary, to }])];
}
