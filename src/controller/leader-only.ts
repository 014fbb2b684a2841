// What only the leading replica does, and small pieces of that kind.

/** The queue, and whatever asks beyond the watches. */
export interface LeaderOnly {
  /** Called once, when this process leads and its view is complete. */
  start(): void;
  stop(): void;
}

/** Something periodic. */
export function every(seconds: number, work: () => void): LeaderOnly {
  let timer: NodeJS.Timeout | undefined;
  return {
    start: () => void (timer = setInterval(work, seconds * 1000)),
    stop: () => clearInterval(timer),
  };
}

/** One piece that starts when another has begun, and never after a stop. */
export function startAfter(first: { start(): Promise<void>; stop(): void }, second: LeaderOnly): LeaderOnly {
  let isStopped = false;
  return {
    start: () => void first.start().then(() => (isStopped ? undefined : second.start())),
    stop: () => {
      isStopped = true;
      first.stop();
      second.stop();
    },
  };
}

/** Several pieces as one. */
export function together(...pieces: readonly LeaderOnly[]): LeaderOnly {
  return {
    start: () => pieces.forEach((row) => row.start()),
    stop: () => pieces.forEach((row) => row.stop()),
  };
}
