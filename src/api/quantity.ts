// Kubernetes quantities: the API server stores `1000m` as `1`, which is no difference.

interface Scale {
  readonly factor: bigint;
  /** Power of ten. */
  readonly power: number;
}

const decimal = (power: number): Scale => ({ factor: 1n, power });
const binary = (power: bigint): Scale => ({ factor: 2n ** power, power: 0 });
const scales: Readonly<Record<string, Scale>> = {
  n: decimal(-9),
  u: decimal(-6),
  m: decimal(-3),
  '': decimal(0),
  k: decimal(3),
  M: decimal(6),
  G: decimal(9),
  T: decimal(12),
  P: decimal(15),
  E: decimal(18),
  Ki: binary(10n),
  Mi: binary(20n),
  Gi: binary(30n),
  Ti: binary(40n),
  Pi: binary(50n),
  Ei: binary(60n),
};

const notation =
  /^(?<sign>[+-]?)(?<whole>\d*)\.?(?<fraction>\d*)(?:[eE](?<exponent>[+-]?\d{1,2}))?(?<suffix>[a-zA-Z]*)$/;

/** The amount in billionths, the finest that the API server keeps, rounded up as it does; undefined for no quantity. */
function toBillionths(text: string): bigint | undefined {
  const { sign, whole, fraction, exponent = '0', suffix } = notation.exec(text)?.groups ?? {};
  const scale = scales[suffix ?? 'none'];
  const digits = `${whole}${fraction}`;
  if (scale === undefined || fraction === undefined || digits === '') {
    return undefined;
  }
  // Whole numbers throughout: as floating point 700 x 0.001 is not 0.7.
  const power = Number(exponent) + scale.power - fraction.length + 9;
  const amount = timesTenTo(BigInt(digits) * scale.factor, power);
  return sign === '-' ? -amount : amount;
}

function timesTenTo(digits: bigint, power: number): bigint {
  const unit = 10n ** BigInt(Math.abs(power));
  return power >= 0 ? digits * unit : (digits + unit - 1n) / unit;
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

/** True when one quantity, as text or number, is more than another; false when either is no quantity. */
export function isMore(a: string | number, b: string | number): boolean {
  const [left, right] = [toBillionths(String(a)), toBillionths(String(b))];
  return left !== undefined && right !== undefined && left > right;
}

/** A quantity as a number; undefined for what is none. */
export function amountOf(quantity: string | number): number | undefined {
  const amount = toBillionths(String(quantity));
  return amount === undefined ? undefined : Number(amount) / 1e9;
}
