/** Does something for each of many, a few at a time. */
export async function each<T>(items: Iterable<T>, act: (item: T) => Promise<unknown>): Promise<void> {
  const left = items[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (let next = left.next(); !next.done; next = left.next()) {
      await act(next.value);
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}
