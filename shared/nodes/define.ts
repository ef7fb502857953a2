import type { z } from 'zod'
import type { Column } from '../data/types.ts'
import type { FormField } from './form.ts'

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

/** Names of a config's top-level fields; any name where the config type has been erased. */
export type FieldName<C> = unknown extends C ? string : keyof C & string

/** An input of a transform, bound to a relation that SQL can select from. */
export interface InputRelation {
  /** The port, or the alias where the port is named. */
  port: string
  /** A ready-quoted name. */
  relation: string
  columns: readonly Column[]
}

/** A config of which anything may be unsaid, in the items of its lists too. */
type Started<C> = { [K in keyof C]?: C[K] extends (infer Item)[] ? Partial<Item>[] : C[K] }

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
  defaults: Started<C>
  /** Made by `fields`, which holds every field against the config. */
  form: readonly FormField[]
  /** One line for the card, e.g. `amount > 100`. */
  summary(config: C): string
  /** Fields holding SQL or expressions in which `:parameter` is replaced; used to check parameter names. */
  parameterFields?: readonly FieldName<C>[]
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
  /**
   * How configs of older versions become today's. The kind's version is one more than the number of migrations, and
   * entry 0 takes version 1 to 2. A node of the document says its config's version when it is not 1.
   */
  migrations?: readonly ConfigMigration[]
  /** Changes the world outside (a table, a file, a server): runs even when nothing waits for its rows, and is never replayed from kept rows. */
  effect?: boolean
}

/** Turns a config of one version of a kind into the next. Gets and gives plain JSON; must not keep or change its argument. */
export type ConfigMigration = (config: Record<string, unknown>) => Record<string, unknown>

/**
 * Declares a node kind; the config type is inferred from the schema and flows into every function.
 * The registry holds definitions of many config types, so it sees them through `erase` in registry.ts, which parses before it calls.
 */
export function defineNode<C>(definition: NodeDefinition<C>): NodeDefinition<C> {
  return definition
}

/** Every node kind there is. Documents are read, written and checked against a registry given to them. */
export interface NodeRegistry {
  get(kind: string): NodeDefinition | undefined
  /** In the order of the palette. */
  kinds(): readonly string[]
}
