import type { z } from 'zod'
import type { Column } from '../data/types.ts'

export type NodeCategory = 'source' | 'transform' | 'load' | 'control'

export interface PortSpec {
  /** `in` and `out` are the defaults that edges may leave unsaid. */
  name: string
  title: string
  /** Takes any number of edges, in document order (union). */
  many?: boolean
  /** Edges choose the name themselves with `toPort`, and the name is the relation's alias (sql). */
  named?: boolean
  /** May stay unwired. */
  optional?: boolean
}

export const inPort: PortSpec = { name: 'in', title: 'Rows in' }
export const outPort: PortSpec = { name: 'out', title: 'Rows out' }

/** What a form field edits, so that the inspector can choose an editor. */
export type FieldEditor =
  | 'text'
  | 'sql'
  | 'expression'
  | 'code'
  | 'number'
  | 'switch'
  | 'choice'
  | 'connection'
  | 'table'
  | 'file'
  | 'column'
  | 'columns'
  | 'mapping'
  | 'keyValue'
  | 'list'
  | 'rows'
  | 'json'

export interface FormField<C> {
  /** Checked by the compiler against the node's own config. */
  name: keyof C & string
  label: string
  editor: FieldEditor
  help?: string
  /** For `choice`. */
  options?: readonly { value: string; label: string }[]
  /** The input port whose columns a column editor offers; `in` when absent. */
  port?: string
}

/** An input of a transform, bound to a relation that SQL can select from. */
export interface InputRelation {
  /** The port, or the alias where the port is named. */
  port: string
  /** A ready-quoted name. */
  relation: string
  columns: readonly Column[]
}

export interface NodeDefinition<C = unknown> {
  kind: string
  title: string
  category: NodeCategory
  /** Name of a Tabler icon. */
  icon: string
  /** One sentence for the palette, then paragraphs for the help page (Markdown). */
  help: string
  inputs: readonly PortSpec[]
  outputs: readonly PortSpec[]
  config: z.ZodType<C>
  /** A config that a freshly dropped node starts with; may be incomplete. */
  defaults: Partial<C>
  form: readonly FormField<C>[]
  /** One line for the card, e.g. `amount > 100`. */
  summary(config: C): string
  /** Fields holding SQL or expressions in which `:parameter` is replaced; used to check parameter names. */
  parameterFields?: readonly (keyof C & string)[]
  /**
   * Transforms only: one SELECT per output port, in DuckDB SQL, over the input relations.
   * @throws AppError CONFIG_COLUMN with `at.field` when the config names a column that does not arrive.
   */
  sql?(config: C, inputs: readonly InputRelation[]): Record<string, string>
  /**
   * Transforms only: whether the SELECT reads each input exactly once, front to back, so that the input may be a pipe.
   * Only then is the node fused with a source that streams.
   */
  readsOnce?(config: C): boolean
  /** Changes the world outside (a table, a file, a server): runs even when nothing waits for its rows, and is never replayed from kept rows. */
  effect?: boolean
}

/**
 * Declares a node kind; the config type is inferred from the schema and flows into every function.
 * The registry holds definitions of many config types, so it sees them through `AnyNode`, which parses before it calls.
 */
export function defineNode<C>(definition: NodeDefinition<C>): NodeDefinition<C> {
  return definition
}
