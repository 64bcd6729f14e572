/** A 32-bit hash of a text (FNV-1a with a final mix), the ground of everything that is drawn from a seed. */
function hash32(text: string): number {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
  return (value ^ (value >>> 16)) >>> 0
}

/** A number from 0 up to 1 that the seed and the parts decide. */
export function uniform(seed: number, ...parts: (string | number)[]): number {
  return hash32(`${seed}|${parts.join('|')}`) / 0x1_0000_0000
}

/** One of the names, drawn by weight. Weights need not add up to 1. */
export function pickWeighted<T extends string>(weights: Record<T, number>, seed: number, ...parts: (string | number)[]): T {
  const entries = Object.entries<number>(weights)
  let rest = uniform(seed, ...parts) * entries.reduce((sum, [, weight]) => sum + weight, 0)
  for (const [name, weight] of entries) {
    rest -= weight
    if (rest < 0) return nameOfWeight(name)
  }
  throw new Error('weights must hold one above zero')
}

/** Object.entries forgets that its keys are T; they come from a Record<T, …>. */
function nameOfWeight<T extends string>(name: string): T {
  return name as T
}

export function guid(seed: number, ...parts: (string | number)[]): string {
  const hex = [0, 1, 2, 3]
    .map((at) =>
      hash32(`${seed}|${parts.join('|')}|${at}`)
        .toString(16)
        .padStart(8, '0'),
    )
    .join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
