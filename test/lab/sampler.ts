// Watches, in the background, which nodes own an address.
import type { NodeAddress } from './network.ts';
export interface SamplerOptions {
  readonly agent: string;
  readonly dir: string;
  readonly nodes: readonly NodeAddress[];
  readonly vips: readonly string[];
}
export interface Sampler {
  mark(label: string): void;
  stop(): Promise<string>;
}
export async function startSampler(_: SamplerOptions): Promise<Sampler> {
  await Promise.resolve();
  throw new Error('todo');
}
