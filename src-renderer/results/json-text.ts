/** A number as it was written, however long. */
export class ExactNumber {
  readonly source: string
  constructor(source: string) {
    this.source = source
  }
}

export type JsonValue = null | boolean | string | ExactNumber | JsonValue[] | { [name: string]: JsonValue }

/** JSON with its numbers as written; undefined when the text is no JSON. */
export function parseExact(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text, (_name, value: unknown, context?: { source?: string }) =>
      typeof value === 'number' ? new ExactNumber(context?.source ?? String(value)) : value,
    )
  } catch {
    return undefined
  }
}
