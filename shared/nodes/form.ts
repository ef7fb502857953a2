/** Editors that a field can have, by what they edit. */
type TextEditor = 'text' | 'expression' | 'sql' | 'code' | 'connection' | 'table' | 'file' | 'column' | 'type'
type NamesEditor = 'columns' | 'texts'
/** Editors made for one shape of value each. */
type SpecialEditor = 'files' | 'rows' | 'frame' | 'pivotValues' | 'body' | 'requestValues' | 'types' | 'mapping'

export type FieldEditor =
  | TextEditor
  | NamesEditor
  | SpecialEditor
  | 'number'
  | 'switch'
  | 'choice'
  /** A list of things that have fields of their own. */
  | 'list'
  /** One thing with fields of its own. */
  | 'group'

export interface ChoiceOption {
  value: string
  label: string
}

interface FieldBase {
  label: string
  /** Instead of the description in the schema. */
  help?: string
  /** Instead of the schema's default, e.g. what is done when nothing is given. */
  placeholder?: string
  /** The input port whose columns a column editor offers; `in` when absent. `table`: those of the table that the config names. */
  port?: string
  /** Its text may name parameters as `{{name}}`. */
  templates?: true
  /** Seldom needed: shown apart from the rest. */
  more?: true
}

/** A field of a form, whatever its config; see `fields`. */
export interface FormField extends FieldBase {
  name: string
  editor: FieldEditor
  options?: readonly ChoiceOption[]
  /** Of the items of a `list`, of a `group`. */
  fields?: readonly FormField[]
  /** Of a `list`: items in one line each, or one above the other. */
  layout?: 'line' | 'block'
  /** Of a `list`: the field of an item that a button fills with every column that arrives and is not there yet. */
  each?: string
  /** Of a `list`: what one item is called. */
  item?: string
  /** Whether the field has a meaning, for a config as written: any part of it may be missing. */
  when?(config: Readonly<Record<string, unknown>>): boolean
}

/** Keys of every member of a union. */
type Keys<C> = C extends unknown ? keyof C & string : never
type Value<C, K extends string> = C extends unknown ? (K extends keyof C ? NonNullable<C[K]> : never) : never

interface TypedBase<C, K extends string> extends FieldBase {
  name: K
  when?(config: { readonly [P in Keys<C>]?: Value<C, P> }): boolean
}

type Choice<V> = { editor: 'choice'; options: readonly { value: V; label: string }[] }

type EditorOf<V> =
  | { editor: SpecialEditor }
  | ([V] extends [string] ? { editor: TextEditor } | Choice<V> : never)
  | ([V] extends [number] ? { editor: 'number' } : never)
  | ([V] extends [boolean] ? { editor: 'switch' } : never)
  | ([V] extends [readonly string[]] ? { editor: NamesEditor } : never)
  | ([V] extends [readonly (infer I extends object)[]]
      ? {
          editor: 'list'
          fields: readonly FormField[] & Fields<I>
          layout?: 'line' | 'block'
          each?: Keys<I>
          item?: string
        }
      : never)
  | ([V] extends [object] ? { editor: 'group'; fields: readonly FormField[] & Fields<V> } : never)

type TypedField<C, K extends string> = TypedBase<C, K> & EditorOf<Value<C, K>>

declare const config: unique symbol
/** Marks a form as made for a config, so that a form for another one does not fit in its place. */
interface Fields<C> {
  readonly [config]?: (config: C) => void
}

/**
 * The fields of a form, held against the config by the compiler: every name is a setting, and every editor can edit a
 * value of its type. For a union the settings of all its members count.
 */
export function fields<C>(...list: { [K in Keys<C>]: TypedField<C, K> }[Keys<C>][]): readonly FormField[] & Fields<C>
export function fields(...list: FormField[]): readonly FormField[] {
  return list
}

/** Options whose labels are the values themselves. */
export const plainOptions = <const V extends string>(values: readonly V[]) =>
  values.map((value) => ({ value, label: value }))
