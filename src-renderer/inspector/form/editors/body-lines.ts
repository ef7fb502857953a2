import { isObject } from '../pruned.ts'

export const bodyKinds = ['text', 'number', 'boolean', 'null'] as const

/** A field of a flat JSON body as a line of a form. */
export interface BodyLine {
  name: string
  text: string
  kind: (typeof bodyKinds)[number]
}

/** Whether a body can be edited field by field. */
export const isFlat = (value: unknown): boolean =>
  value === undefined ||
  (isObject(value) && Object.values(value).every((one) => typeof one !== 'object' || one === null))

export function readBody(value: unknown): BodyLine[] {
  if (!isObject(value)) return []
  return Object.entries(value).map(([name, one]) => ({
    name,
    text: one === null ? '' : String(one),
    kind: one === null ? 'null' : typeof one === 'number' ? 'number' : typeof one === 'boolean' ? 'boolean' : 'text',
  }))
}

export function writeBody(lines: readonly BodyLine[]): unknown {
  const named = lines.filter(({ name }) => name !== '')
  return named.length === 0 ? undefined : Object.fromEntries(named.map((line) => [line.name, sentValue(line)]))
}

function sentValue({ text, kind }: BodyLine): unknown {
  if (kind === 'null') return null
  if (kind === 'boolean') return text.trim().toLowerCase() === 'true'
  return kind === 'number' && text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text
}
