/** Part of a plan as DuckDB serialises it. */
export interface Part {
  [key: string]: unknown
}

export const isPart = (value: unknown): value is Part =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const partsOf = (part: Part, key: string): Part[] => {
  const value = part[key]
  return Array.isArray(value) ? value.filter(isPart) : []
}

export const numbersOf = (part: Part, key: string): number[] => {
  const value = part[key]
  return Array.isArray(value) ? value.map(Number) : []
}

export const textOf = (part: Part, key: string): string => String(part[key] ?? '')

/** The plan holds something that is not understood. */
export class UnknownPlan extends Error {}
