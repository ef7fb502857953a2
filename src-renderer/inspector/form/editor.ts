import type { FormField } from '../../../shared/nodes/form.ts'
import type { Setting } from '../../../shared/nodes/settings.ts'
import type { Path } from '../../../shared/pipeline/place.ts'

/** What is wrong with one field. */
export interface FieldTrouble {
  message: string
  hint?: string
  /** Offset in the field's text. */
  position?: number
}

/** What an editor of a field is given. */
export interface EditorProps {
  field: FormField
  setting: Setting | undefined
  path: Path
  /** As the document has it; undefined where it says nothing. */
  value: unknown
  /** @param typed part of a burst of typing */
  set(value: unknown, typed?: boolean): void
  /** Of the control, for its label. */
  id: string
  /** Says what it edits where no visible label is tied to it. */
  label: string
  describedBy: string | undefined
  trouble: FieldTrouble | undefined
  placeholder: string
}

export const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value)

/** Whether an optional setting would be removed by an empty text: one whose empty text means something keeps it. */
export function emptied(text: string, setting: Setting | undefined): string | undefined {
  if (text !== '') return text
  if (setting?.fallback !== undefined && setting.schema.safeParse('').success && setting.fallback !== '') return ''
  return undefined
}
