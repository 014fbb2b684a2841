// A short, stable fingerprint of a rendered value: equal values give equal text on every machine.

function canonical(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(canonical).join(',')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).filter(([, field]) => field !== undefined);
    return `{${fields
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`)
      .join(',')}}`;
  }
  return JSON.stringify(value);
}

const word = 2 ** 32;
// The prime is 2^40 + 0x1b3: a product is a shift and a small product.
const smallFactor = 0x1b3;

/**
 * FNV-1a, 64 bits, as 16 hexadecimal digits. It tells values apart; it protects nothing. In two halves of 32
 * bits: every reconcile does this, and BigInt is twenty times slower.
 */
export function fingerprint(value: unknown): string {
  let [high, low] = [0xcbf29ce4, 0x84222325];
  for (const character of canonical(value)) {
    low = (low ^ (character.codePointAt(0) ?? 0)) >>> 0;
    const product = low * smallFactor;
    high = (high * smallFactor + Math.floor(product / word) + low * 2 ** 8) % word;
    low = product % word;
  }
  return [high, low].map((half) => half.toString(16).padStart(8, '0')).join('');
}
