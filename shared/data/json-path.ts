import { AppError } from '../errors.ts'

/** A step into JSON: a key of an object, or a 0-based position in an array. */
export type PathStep = string | number

const step = /\.([^.[\]"\s]+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/y

/**
 * Reads a path such as `data.items`, `results[0].rows` or `["odd key"].list`. A leading `$` stands for the value itself,
 * and so does an empty path. Keys that hold dots, brackets, quotes or spaces are written in brackets as JSON text.
 * @throws AppError CONFIG_INVALID with `position` when the text is no path.
 */
export function parseJsonPath(text: string): PathStep[] {
  const rooted = /^\$(?=[.[]|$)/.test(text)
  const path = rooted ? text.slice(1) : /^[^.[]/.test(text) ? `.${text}` : text
  const shift = text.length - path.length
  const steps: PathStep[] = []
  if (!rooted && text.startsWith('.')) throw notAPath(text, 0)
  for (step.lastIndex = 0; step.lastIndex < path.length; ) {
    const at = Math.max(0, step.lastIndex + shift)
    const match = step.exec(path)
    if (match?.[1] !== undefined) steps.push(match[1])
    else if (match?.[2] !== undefined) steps.push(Number(match[2]))
    else if (match?.[3] !== undefined) steps.push(quotedKey(match[3], text, at))
    else throw notAPath(text, at)
  }
  return steps
}

/** Whether the text is a path, for schemas. */
export function isJsonPath(text: string): boolean {
  try {
    parseJsonPath(text)
    return true
  } catch {
    return false
  }
}

/** The value at a path; undefined where a step leads nowhere. */
export function followPath(value: unknown, steps: readonly PathStep[]): unknown {
  let current = value
  for (const key of steps) {
    if (typeof key === 'number') current = Array.isArray(current) ? current[key] : undefined
    else current = isObject(current) && Object.hasOwn(current, key) ? current[key] : undefined
  }
  return current
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function quotedKey(json: string, text: string, at: number): string {
  try {
    return String(JSON.parse(json))
  } catch {
    throw notAPath(text, at)
  }
}

function notAPath(text: string, at: number): AppError {
  return new AppError('CONFIG_INVALID', `"${text}" is not a path into JSON (at character ${at + 1}).`, {
    hint: 'Write a path as data.items, results[0].rows or ["odd key"].list.',
    at: { position: at },
  })
}
