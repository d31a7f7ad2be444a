const fnvPrime = 0x0100_0193;

/** A number from 0 up to 1 that depends on nothing but its arguments; each purpose draws its own. */
export function draw(rrn: string, seed: number, purpose: string): number {
  let hash = absorb(Math.imul(seed ^ 0x9e37_79b9, 0x85eb_ca6b), purpose);
  hash = absorb(hash, rrn);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 0x1_0000_0000;
}

function absorb(start: number, text: string): number {
  let hash = start;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), fnvPrime);
  return hash;
}
