// How large the image may be: a release that has grown by more than a twentieth is refused. Pure.
import type { Made } from './made.ts';

/** What a node pulled of the image on the lab's base, in bytes. Write the new figure when it is meant. */
export const pulled: Made['bytes'] = { amd64: 51_775_308, arm64: 51_099_191 };

const tolerance = 1.05;
const mib = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;

/** The size of an image, for a person. */
export const sizeOf = ({ bytes }: Made): string =>
  Object.entries(bytes)
    .map(([architecture, size]) => `${architecture} ${mib(size)}`)
    .join(', ');

/** One sentence for each architecture whose image has grown too much. */
export function grown({ bytes }: Pick<Made, 'bytes'>, before = pulled): readonly string[] {
  return Object.entries(bytes).flatMap(([architecture, size]) => {
    const most = Math.floor(before[architecture as keyof Made['bytes']] * tolerance);
    const todo = `find out what came in, or write ${size} in release/size.ts`;
    return size <= most
      ? []
      : [`image for ${architecture}: expected at most ${most} bytes, found ${size}; ${todo}`];
  });
}
