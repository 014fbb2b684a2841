// Kubernetes quantities: the API server stores `1000m` as `1`, which is no difference.

const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

function toNumber(text: string): number {
  const [, number = '', suffix = ''] = /^([+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)([a-zA-Z]*)$/.exec(text) ?? [];
  return Number(number) * (factors[suffix] ?? Number.NaN);
}

const isQuantity = (value: unknown): value is string | number =>
  typeof value === 'string' || typeof value === 'number';

/** True when two quantities, as text or number, mean the same amount. */
export function sameQuantity(a: unknown, b: unknown): boolean {
  if (!isQuantity(a) || !isQuantity(b)) {
    return a === b;
  }
  return String(a) === String(b) || toNumber(String(a)) === toNumber(String(b));
}
