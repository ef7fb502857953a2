declare global {
  interface JSON {
    /** A value that is written into JSON as the given text. */
    rawJSON(text: string): { readonly rawJSON: string }
    isRawJSON(value: unknown): value is { readonly rawJSON: string }
  }
}

/** A JSON number whose text a double would not give back: a long integer, a long or padded fraction, an exponent. */
export interface ExactNumber {
  readonly rawJSON: string
}

export const isExactNumber = (value: unknown): value is ExactNumber => JSON.isRawJSON(value)

/** Whether a text may hold such numbers; digits inside strings raise false alarms, which only cost time. */
const suspect = /\d[\d.]{15}|\d[eE][-+\d]|\.\d*0(?!\d)|-0/

/**
 * Parses JSON without passing its numbers through doubles: a number that a double would not write back as it stands comes
 * out as an ExactNumber, and `JSON.stringify` writes it as it was.
 * @throws SyntaxError
 */
export function parseExactJson(text: string): unknown {
  if (!suspect.test(text)) return JSON.parse(text)
  return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) => {
    const source = context?.source
    return typeof value === 'number' && source !== undefined && String(value) !== source ? JSON.rawJSON(source) : value
  })
}
