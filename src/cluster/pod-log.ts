// The end of a container's log: read only for containers that ended, one line kept.
import { stripVTControlCharacters } from 'node:util';
import { containerName } from '../render/daemon-set.ts';
import { systemNamespace } from '../api/metadata.ts';
import type { Http } from './http.ts';

const longest = 200;
const lines = 20;
const bytes = 65_536;

// Times differ between pods that say the same: slog and log (`2026/11/24 12:00:00 `), logrus, klog.
const stamps =
  /^(\d{4}[-/]\d\d[-/]\d\d[T ][\d:.]+(Z|[+-]\d\d:\d\d)? |time="?[^ "]+"? |[EWIF]\d{4} [\d:.]+ +\d+ )+/;
// A panic ends with the frames of its stack.
const complaint = /\b(error|err|fatal|panic|level=(error|fatal)|failed|unable|cannot)\b/i;

/** Of the last lines of a log the one that says why: the last that complains, else the last. At most 200 characters. */
export function lastLine(text: string): string {
  const said = stripVTControlCharacters(text)
    .split('\n')
    .map((line) => line.replaceAll(/\s+/g, ' ').trim().replace(stamps, ''))
    .filter((line) => line !== '');
  const line = said.findLast((row) => complaint.test(row)) ?? said.at(-1) ?? '';
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}

const logPath = (pod: string, query: Readonly<Record<string, string>>): string => {
  const all = new URLSearchParams({ container: containerName, ...query, limitBytes: String(bytes) });
  return `/api/v1/namespaces/${systemNamespace}/pods/${pod}/log?${all.toString()}`;
};

/**
 * Reads how the log of the present container of a pod begins.
 * @throws ApiError when it cannot be read.
 */
export const readBeginning = (http: Pick<Http, 'send'>, pod: string): Promise<string> =>
  http.send<string>({ method: 'GET', path: logPath(pod, {}), answer: 'text' });

/**
 * Reads what the container of a pod said last.
 * @param previous of the container before the one that is there now.
 * @throws ApiError when the pod or its log is gone.
 */
export async function readLastLine(
  http: Pick<Http, 'send'>,
  pod: string,
  previous: boolean,
): Promise<string> {
  const path = logPath(pod, { tailLines: String(lines), ...(previous && { previous: 'true' }) });
  return lastLine(await http.send<string>({ method: 'GET', path, answer: 'text' }));
}
