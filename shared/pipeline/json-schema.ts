import { z } from 'zod'
import type { NodeDefinition, NodeRegistry } from '../nodes/define.ts'
import { lineFields } from './lines.ts'
import { kindVersion } from './migrate.ts'
import { nodeSchema, pipelineSchema } from './schema.ts'

/** A JSON Schema (draft 7, which editors read). */
export interface JsonSchema {
  [keyword: string]: unknown
}

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What the file may hold, as opposed to what parsing makes of it. */
function toJsonSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { target: 'draft-7', io: 'input' })
  return rest
}

/** The config of a kind as the file writes it: long texts may be lists of lines. */
export function configJsonSchema(definition: NodeDefinition): JsonSchema {
  const fields = lineFields(definition)
  const withLines = (schema: JsonSchema): JsonSchema => {
    const options = Array.isArray(schema.oneOf) ? { oneOf: schema.oneOf.filter(isSchema).map(withLines) } : {}
    if (!isSchema(schema.properties)) return { ...schema, ...options }
    const properties = Object.entries(schema.properties).map(([name, field]) => [
      name,
      fields.has(name) && isSchema(field) ? textOrLines(field) : field,
    ])
    return { ...schema, properties: Object.fromEntries(properties) }
  }
  return withLines(toJsonSchema(definition.config))
}

function textOrLines({ description, default: value, ...text }: JsonSchema): JsonSchema {
  return {
    ...(description === undefined ? {} : { description }),
    ...(value === undefined ? {} : { default: value }),
    anyOf: [text, { type: 'array', items: { type: 'string' }, minItems: 1, description: 'The text, line by line.' }],
  }
}

/**
 * The JSON Schema of a pipeline document, for editors: completes keys, kinds and the config of each kind, and marks what
 * does not fit. What concerns several places at once (edges, parameter names) only the parser checks.
 */
export function pipelineJsonSchema(registry: NodeRegistry): JsonSchema {
  const definitions: JsonSchema = {}
  const document = hoist(toJsonSchema(pipelineSchema), 'document', definitions)
  const node = hoist(toJsonSchema(nodeSchema), 'node', definitions)
  const kinds = registry.kinds().flatMap((kind) => registry.get(kind) ?? [])
  for (const definition of kinds) {
    definitions[`config.${definition.kind}`] = hoist(configJsonSchema(definition), definition.kind, definitions)
  }
  definitions.node = {
    ...node,
    properties: { ...(isSchema(node.properties) ? node.properties : {}), kind: kindSchema(kinds) },
    allOf: kinds.map(kindRule),
  }
  const properties = isSchema(document.properties) ? document.properties : {}
  const nodes = isSchema(properties.nodes) ? properties.nodes : {}
  const whole = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Sluice pipeline',
    ...document,
    properties: { ...properties, nodes: { ...nodes, additionalProperties: { $ref: '#/definitions/node' } } },
    definitions,
  }
  return tidy(whole)
}

function kindSchema(kinds: readonly NodeDefinition[]): JsonSchema {
  return {
    description: 'What the node does; see the node reference.',
    enum: kinds.map(({ kind }) => kind),
    enumDescriptions: kinds.map(({ help }) => firstSentence(help)),
  }
}

/** The first sentence of a kind's help, which says what it is for. */
export function firstSentence(help: string): string {
  return (help.split('\n\n')[0] ?? '').replaceAll('\n', ' ')
}

function kindRule(definition: NodeDefinition): JsonSchema {
  const version = kindVersion(definition)
  const config: JsonSchema = configJsonSchema(definition)
  const needsConfig = Array.isArray(config.required) && config.required.length > 0
  const required = [...(needsConfig ? ['config'] : []), ...(version > 1 ? ['version'] : [])]
  return {
    if: { properties: { kind: { const: definition.kind } }, required: ['kind'] },
    // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
    then: {
      properties: {
        config: { $ref: `#/definitions/config.${definition.kind}` },
        version: { const: version },
      },
      ...(required.length === 0 ? {} : { required }),
    },
  }
}

/** Moves a schema's own definitions to the common ones, under names of their own. */
function hoist(schema: JsonSchema, owner: string, into: JsonSchema): JsonSchema {
  const { definitions, ...rest } = schema
  const rename = (value: unknown) => renameRefs(value, owner)
  for (const [name, definition] of Object.entries(isSchema(definitions) ? definitions : {})) {
    into[`${owner}.${name}`] = rename(definition)
  }
  const renamed = rename(rest)
  return isSchema(renamed) ? renamed : rest
}

function renameRefs(value: unknown, owner: string): unknown {
  if (Array.isArray(value)) return value.map((item) => renameRefs(item, owner))
  if (!isSchema(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) =>
      key === '$ref' && typeof item === 'string'
        ? [key, item.replace('#/definitions/', `#/definitions/${owner}.`)]
        : [key, renameRefs(item, owner)],
    ),
  )
}

/** Without the limits that only say that JavaScript numbers end somewhere. */
function tidy(schema: JsonSchema): JsonSchema {
  const clean = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(clean)
    if (!isSchema(value)) return value
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key, item]) => !(key === 'maximum' && item === Number.MAX_SAFE_INTEGER))
        .filter(([key, item]) => !(key === 'minimum' && item === Number.MIN_SAFE_INTEGER))
        .filter(([key, item]) => !(key === 'propertyNames' && JSON.stringify(item) === '{"type":"string"}'))
        .map(([key, item]) => [key, clean(item)]),
    )
  }
  const cleaned = clean(schema)
  return isSchema(cleaned) ? cleaned : schema
}
