import { type ComponentType, createContext, useContext } from 'react'
import type { Column } from '../../../shared/data/types.ts'
import type { NodeDefinition } from '../../../shared/nodes/define.ts'
import type { FieldEditor } from '../../../shared/nodes/form.ts'
import type { Path } from '../../../shared/pipeline/place.ts'
import type { Arriving } from '../arriving.ts'
import type { EditorProps, FieldTrouble } from './editor.ts'

/** The node whose settings a form shows. */
export interface FormScope {
  document: string
  node: string
  definition: NodeDefinition
  config: Readonly<Record<string, unknown>>
  arriving: readonly Arriving[]
  /** Columns that come out, by port. */
  leaving: Readonly<Record<string, readonly Column[] | null>>
  /** By path of the field. */
  troubles: ReadonlyMap<string, FieldTrouble>
  /** The component for each kind of editor; fields inside fields find theirs here. */
  editors: Readonly<Record<FieldEditor, ComponentType<EditorProps>>>
  /** Sets a value, or removes it; changes of the same field that follow each other soon are one step. */
  set(path: Path, value: unknown, typed?: boolean): void
}

export const FormContext = createContext<FormScope | null>(null)

/** @throws Error outside of a form */
export function useForm(): FormScope {
  const scope = useContext(FormContext)
  if (!scope) throw new Error('A field stands in a form.')
  return scope
}
