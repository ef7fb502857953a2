import { type AppError, toAppError } from '../../../../shared/errors.ts'
import { readJson } from '../../../../shared/pipeline/json.ts'
import { limits } from '../../../../shared/pipeline/limits.ts'
import type { FieldTrouble } from '../editor.ts'
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

/** A body as it is typed: its value, undefined for no body, or what keeps the text from being one and where. */
export function parseBody(text: string): { value: unknown } | { trouble: FieldTrouble } {
  if (text.trim() === '') return { value: undefined }
  try {
    const { value, flaws } = readJson(text, limits.depth, 'body')
    const [flaw] = flaws
    return flaw ? { trouble: { message: flaw.message, hint: flaw.hint, position: flaw.offset } } : { value }
  } catch (thrown) {
    return { trouble: troubleOf(toAppError(thrown), text) }
  }
}

function troubleOf({ message, hint, at }: AppError, text: string): FieldTrouble {
  const before = text.split('\n').slice(0, (at?.line ?? 1) - 1)
  const position = before.reduce((sum, line) => sum + line.length + 1, 0) + (at?.column ?? 1) - 1
  return { message, ...(hint !== undefined && { hint }), position }
}
