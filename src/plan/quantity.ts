// Kubernetes quantities: the API server stores `1000m` as `1`, which is no difference.

const decimal: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const binary: Readonly<Record<string, bigint>> = {
  Ki: 2n ** 10n,
  Mi: 2n ** 20n,
  Gi: 2n ** 30n,
  Ti: 2n ** 40n,
  Pi: 2n ** 50n,
  Ei: 2n ** 60n,
};

const notation = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d{1,2}))?([a-zA-Z]*)$/;

/** The amount in billionths, the finest that the API server keeps, rounded up as it does; undefined for no quantity. */
function toBillionths(text: string): bigint | undefined {
  const [, sign, whole = '', fraction = '', exponent = '0', suffix = ''] = notation.exec(text) ?? [];
  const power = suffix in binary ? 0 : decimal[suffix];
  if (power === undefined || whole + fraction === '') {
    return undefined;
  }
  // Whole numbers throughout: as floating point 700 x 0.001 is not 0.7.
  const digits = BigInt(whole + fraction) * (binary[suffix] ?? 1n);
  const shift = Number(exponent) + power - fraction.length + 9;
  const unit = 10n ** BigInt(Math.abs(shift));
  const amount = shift >= 0 ? digits * unit : (digits + unit - 1n) / unit;
  return sign === '-' ? -amount : amount;
}

const isQuantity = (value: unknown): value is string | number =>
  typeof value === 'string' || typeof value === 'number';

/** True when two quantities, as text or number, mean the same amount. */
export function sameQuantity(a: unknown, b: unknown): boolean {
  if (!isQuantity(a) || !isQuantity(b)) {
    return a === b;
  }
  const amount = toBillionths(String(a));
  return String(a) === String(b) || (amount !== undefined && amount === toBillionths(String(b)));
}
