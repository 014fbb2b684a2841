// One watch, as whole lines over node:https. client-node's own leads each line through fetch, a web stream and readline, and wakes
// the process for it: with 200 renewals of Leases a second that alone was 3 % of a core. Here what comes in quick succession is
// read together. Authentication and TLS are client-node's.
import {
  request as httpRequest,
  STATUS_CODES,
  type ClientRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
} from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import type { KubeConfig, Watch } from '@kubernetes/client-node';
import { askWhetherThere } from './keep-alive.ts';

/** How a watch is read. Milliseconds. */
export interface LineWatchOptions {
  /** Without a line for so long, it ends with a TimeoutError. */
  readonly silenceMs: number;
  /** What comes sooner than this after the last look is read with what else comes until then; 0: at once. */
  readonly gapMs: number;
}

type Query = Readonly<Record<string, string | number | boolean | undefined>>;
type OnLine = (line: string) => void;

const newline = 10;

/** Bytes in pieces of any size, given back as whole lines. */
export class Lines {
  #pieces: Buffer[] = [];

  push(piece: Buffer): void {
    this.#pieces.push(piece);
  }

  /** Every line that is complete, each once. */
  take(): readonly string[] {
    const bytes = Buffer.concat(this.#pieces);
    const end = bytes.lastIndexOf(newline) + 1;
    this.#pieces = end === bytes.length ? [] : [bytes.subarray(end)];
    return end === 0 ? [] : bytes.toString('utf8', 0, end - 1).split('\n');
  }
}

/** Reads lines until the answer ends; while it rests, the kernel keeps what comes. */
function readLines(answer: IncomingMessage, gapMs: number, onLine: OnLine): void {
  const { socket } = answer;
  const lines = new Lines();
  let isDue = false;
  const flush = (): void => lines.take().forEach(onLine);
  const goOn = (): void => {
    isDue = false;
    socket.resume();
  };
  const look = (): void => {
    flush();
    if (gapMs === 0 || answer.destroyed || answer.complete) {
      isDue = false;
    } else {
      socket.pause();
      setTimeout(goOn, gapMs);
    }
  };
  answer.on('data', (piece: Buffer) => {
    lines.push(piece);
    if (!isDue) {
      isDue = true;
      // After everything that is there already.
      setImmediate(look);
    }
  });
  answer.on('close', flush);
}

function urlOf(server: string, path: string, query: Query): URL {
  const url = new URL(server + path);
  const rows = Object.entries({ watch: true, ...query }).filter(([, value]) => value !== undefined);
  rows.forEach(([name, value]) => url.searchParams.set(name, String(value)));
  return url;
}

/** A connection of its own, and through a proxy where the kubeconfig names one. */
async function optionsOf(kubeConfig: KubeConfig, signal: AbortSignal): Promise<RequestOptions> {
  const options: RequestOptions = {};
  await kubeConfig.applyToHTTPSOptions(options);
  const isProxied = kubeConfig.getCurrentCluster()?.proxyUrl !== undefined;
  // Of what has been read the socket keeps nothing back, so that a pause begins at once.
  const own = {
    ...options,
    highWaterMark: 1,
    signal,
    headers: { accept: 'application/json', ...(options.headers as OutgoingHttpHeaders | undefined) },
  };
  // client-node keeps one agent for good, with the certificates of its first day.
  return isProxied ? own : { ...own, agent: false };
}

function refusal({ statusCode = 0, statusMessage = '' }: IncomingMessage): Error {
  const text = statusMessage || (STATUS_CODES[statusCode] ?? 'no status');
  return Object.assign(new Error(text), { statusCode });
}

/** Resolves when the API server has begun to answer. */
async function answerOf(request: ClientRequest): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  request.on('socket', askWhetherThere);
  request.once('response', resolve);
  request.on('error', reject);
  request.end();
  const answer = await promise;
  if (answer.statusCode !== 200) {
    answer.destroy();
    throw refusal(answer);
  }
  return answer;
}

const silence = (): DOMException =>
  new DOMException('The operation was aborted due to timeout', 'TimeoutError');

/** One watch from its request to its end, which is told once. */
class OpenWatch {
  readonly controller = new AbortController();
  readonly #silenceMs: number;
  readonly #done: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #heardAt = performance.now();
  #isOver = false;

  constructor(silenceMs: number, done: (error: unknown) => void) {
    this.#silenceMs = silenceMs;
    this.#done = done;
    this.#await(silenceMs);
  }

  heard(): void {
    this.#heardAt = performance.now();
  }

  end(error: unknown): void {
    if (!this.#isOver) {
      this.#isOver = true;
      clearTimeout(this.#timer);
      this.controller.abort();
      this.#done(error);
    }
  }

  // Not anew for each line: a timer for each costs more than to look at the clock.
  #await(ms: number): void {
    this.#timer = setTimeout(() => {
      const leftMs = this.#heardAt + this.#silenceMs - performance.now();
      return leftMs > 0 ? this.#await(leftMs) : this.end(silence());
    }, ms).unref();
  }
}

/** Gives one line on; one that is no JSON is not from an API server, and says nothing. */
function takeLine(line: string, take: Parameters<Watch['watch']>[2]): void {
  let row: { readonly type: string; readonly object: unknown };
  try {
    row = JSON.parse(line) as typeof row;
  } catch {
    return;
  }
  take(row.type, row.object, row);
}

/** Watches as client-node's Watch does. */
export function lineWatch(
  kubeConfig: KubeConfig,
  { silenceMs, gapMs }: LineWatchOptions,
): Pick<Watch, 'watch'> {
  return {
    async watch(path, query, take, done) {
      const open = new OpenWatch(silenceMs, done);
      const { controller } = open;
      try {
        const url = urlOf(kubeConfig.getCurrentCluster()?.server ?? '', path, query);
        const options = await optionsOf(kubeConfig, controller.signal);
        const request = url.protocol === 'http:' ? httpRequest(url, options) : httpsRequest(url, options);
        const answer = await answerOf(request);
        open.heard();
        readLines(answer, gapMs, (line) => {
          open.heard();
          takeLine(line, take);
        });
        // First the cause, as ETIMEDOUT of a peer that is gone. The answer knows only that it was cut off.
        request.on('error', (error) => open.end(error));
        answer.on('error', (error) => open.end(error));
        answer.on('close', () => open.end(null));
      } catch (error) {
        open.end(error);
      }
      return controller;
    },
  };
}
