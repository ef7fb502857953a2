import { z } from 'zod'
import { errorCodes } from '../errors.ts'
import { limits } from './limits.ts'

/** The version of the document format that this program writes. */
export const documentVersion = 1

/** Anything that JSON can hold. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** Names that every JavaScript object answers to: as keys they would be found where nothing was written. */
const reserved = new Set(Object.getOwnPropertyNames(Object.prototype))

const nodeIdPattern = /^[\p{L}_][\p{L}\p{N}_-]*$/u
const parameterNamePattern = /^[A-Za-z_][A-Za-z0-9_]*$/

const name = (pattern: RegExp, rule: string) =>
  z
    .string()
    .max(limits.name)
    .regex(pattern, { error: rule })
    .refine((text) => !reserved.has(text), {
      error: (issue) => `"${String(issue.input)}" is reserved; choose another name`,
    })

/** A readable name, unique in the document. Never starts with a digit, so that the order of nodes survives in JavaScript. */
export const nodeId = name(
  nodeIdPattern,
  'a node id starts with a letter or _ and goes on with letters, digits, _ and -',
).describe('Id of a node: a letter or _, then letters, digits, _ and -.')

const portName = z.string().min(1).max(limits.name)

export const parameterTypes = [
  'text',
  'int',
  'float',
  'decimal',
  'boolean',
  'date',
  'timestamp',
  'timestamptz',
  'uuid',
  'json',
] as const
export type ParameterType = (typeof parameterTypes)[number]

const jsonValue: z.ZodType<Json> = z.json()

const parameterSchema = z.strictObject({
  name: name(parameterNamePattern, 'a parameter name is a letter or _, then letters, digits and _').describe(
    'Name, written `:name` in SQL and expressions.',
  ),
  type: z.enum(parameterTypes).describe('Type the value is checked against and bound as.'),
  description: z.string().describe('What the value means.').optional(),
  default: jsonValue
    .describe('Value when none is given. Big integers and long decimals are written as text.')
    .optional(),
  optional: z.boolean().describe('Without a value and a default the parameter is NULL instead of an error.').optional(),
  values: z.array(jsonValue).min(1).describe('The only values allowed.').optional(),
  min: z.union([z.number(), z.string()]).describe('Smallest value allowed (numbers, dates, timestamps).').optional(),
  max: z.union([z.number(), z.string()]).describe('Largest value allowed (numbers, dates, timestamps).').optional(),
})
/** A typed input of the pipeline. Required unless it has a default or is `optional` (then it is NULL). */
export type Parameter = z.infer<typeof parameterSchema>

/** The part of a code before its first underscore; a retry rule may name it to mean the whole family. */
const errorFamilies = [...new Set(errorCodes.map((code) => code.replace(/_.*/, '')))]

export const retryDefaults = { delayMs: 1000, factor: 2, jitter: 0.1 } as const

const retrySchema = z.strictObject({
  count: z.int().min(0).max(100).describe('How many times to try again after the first failure.'),
  delayMs: z.int().min(0).default(retryDefaults.delayMs).describe('Wait before the first retry, in milliseconds.'),
  factor: z.number().min(1).max(100).default(retryDefaults.factor).describe('Each wait is the last one times this.'),
  maxDelayMs: z.int().min(0).describe('No wait is longer than this, in milliseconds.').optional(),
  jitter: z
    .number()
    .min(0)
    .max(1)
    .default(retryDefaults.jitter)
    .describe('Share of each wait that is drawn at random, 0 to 1.'),
  on: z
    .array(z.enum([...errorFamilies, ...errorCodes]))
    .min(1)
    .describe(
      'Error codes or families to retry on, e.g. "CONNECTION". Without it: errors that may pass by themselves, and an attempt that took longer than `timeoutMs`.',
    )
    .optional(),
})
export type Retry = z.infer<typeof retrySchema>

export const nodeSchema = z.strictObject({
  kind: z.string().min(1).describe('What the node does; see the node reference.'),
  title: z.string().describe('Name on the card; the id when absent.').optional(),
  note: z.string().describe('A comment for people.').optional(),
  disabled: z.boolean().describe('The node, and whatever takes rows from it, does not run.').optional(),
  version: z.int().min(1).describe("Version of the kind's config; 1 when absent.").optional(),
  config: z.record(z.string(), z.unknown()).default({}).describe('Settings of the kind.'),
  retry: retrySchema.describe('Try the node again when it fails.').optional(),
  timeoutMs: z
    .int()
    .min(1)
    .describe('An attempt that takes longer fails, in milliseconds; `retry` starts another.')
    .optional(),
})
export type PipelineNode = z.infer<typeof nodeSchema>

export const edgeSchema = z.strictObject({
  from: nodeId.describe('Id of the node that gives.'),
  to: nodeId.describe('Id of the node that takes.'),
  fromPort: portName.describe('Output port; needed only where the node has several and none is `out`.').optional(),
  toPort: portName
    .describe('Input port, or the name of the input where ports are named by their edges (sql).')
    .optional(),
  after: z.literal(true).describe('Order only: `to` starts after `from` completed, and no rows pass.').optional(),
})
export type Edge = z.infer<typeof edgeSchema>

const position = z.tuple([z.number(), z.number()])

export const noteColors = ['yellow', 'green', 'blue', 'pink', 'gray'] as const

const groupSchema = z.strictObject({
  title: z.string().describe('What stands above the frame.'),
  nodes: z.array(nodeId).describe('Ids of the nodes inside; a node is in one group at most.'),
  color: z.enum(noteColors).describe('Colour of the frame.').optional(),
})
/** A frame drawn around some nodes; its size follows theirs. Has no effect on a run. */
export type Group = z.infer<typeof groupSchema>

const noteSchema = z.strictObject({
  text: z.string().describe('What it says.'),
  at: position.describe('Where it lies: [x, y].'),
  size: position.describe('Width and height.').optional(),
  color: z.enum(noteColors).describe('Colour of the paper.').optional(),
})
/** A piece of paper on the canvas. Has no effect on a run. */
export type Note = z.infer<typeof noteSchema>

export const pipelineSchema = z.strictObject({
  $schema: z.string().describe('Where editors find the JSON Schema of this format.').optional(),
  sluice: z.literal(documentVersion).describe('Version of the document format.'),
  name: z.string().min(1).describe('Name of the pipeline.'),
  description: z.string().describe('What it is for.').optional(),
  atomic: z
    .enum(['node', 'pipeline'])
    .describe('`node`: each load commits by itself (default). `pipeline`: all loads of a connection commit together.')
    .optional(),
  parameters: z.array(parameterSchema).max(limits.parameters).default([]).describe('Typed inputs of the pipeline.'),
  nodes: z.record(nodeId, nodeSchema).describe('The nodes, by id.'),
  edges: z.array(edgeSchema).max(limits.edges).default([]).describe('What flows where; the order counts for union.'),
  groups: z.record(nodeId, groupSchema).default({}).describe('Frames around nodes, by id.'),
  notes: z.record(nodeId, noteSchema).default({}).describe('Notes on the canvas, by id.'),
  layout: z.record(nodeId, position).default({}).describe('Where each node stands on the canvas: [x, y].'),
})
/**
 * A pipeline document in memory: as written, with defaults of the envelope (retry, empty lists) filled in and node
 * configs left as they are. `nodes` keeps the document's order; so does `edges`, where it carries meaning.
 */
export type Pipeline = z.infer<typeof pipelineSchema>

/** The node of that id, or undefined; safe for any text. */
export function nodeOf(pipeline: Pipeline, id: string): PipelineNode | undefined {
  return Object.hasOwn(pipeline.nodes, id) ? pipeline.nodes[id] : undefined
}
