import { type JsonPath, parsePath } from '../sql/json-path.ts'

/** Whether the text is a path into JSON such as `data.items`, for schemas; an empty one is the value itself. */
export function isJsonPath(text: string): boolean {
  try {
    parsePath(text, '')
    return true
  } catch {
    return false
  }
}

/** The value at a path; undefined where a step leads nowhere. */
export function followPath(value: unknown, path: JsonPath): unknown {
  let current = value
  for (const step of path) {
    if (typeof step === 'number') current = Array.isArray(current) ? current[step] : undefined
    else current = isObject(current) && Object.hasOwn(current, step) ? current[step] : undefined
  }
  return current
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
