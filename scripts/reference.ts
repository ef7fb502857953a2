import type { NodeDefinition, NodeRegistry, PortSpec } from '../shared/nodes/define.ts'
import { formatValue } from '../shared/pipeline/format.ts'
import { configJsonSchema, firstSentence, type JsonSchema } from '../shared/pipeline/json-schema.ts'
import { splitLines } from '../shared/pipeline/lines.ts'
import { kindVersion } from '../shared/pipeline/migrate.ts'
import { examples } from './reference-examples.ts'

const categories = [
  ['source', 'Sources', 'give rows'],
  ['transform', 'Transforms', 'change rows'],
  ['load', 'Loads', 'write rows'],
  ['control', 'Control', 'do or check something on the way'],
] as const

/** The node reference as Markdown: file name under `docs/nodes/` to text. */
export function nodeReference(registry: NodeRegistry): Map<string, string> {
  const definitions = registry.kinds().flatMap((kind) => registry.get(kind) ?? [])
  const pages = definitions.map((definition) => [`${definition.kind}.md`, page(definition)] as const)
  return new Map([['README.md', index(definitions)], ...pages])
}

const generated = '<!-- Made by `npm run generate` from shared/nodes. Do not edit. -->\n\n'

function index(definitions: readonly NodeDefinition[]): string {
  const sections = categories.map(([category, title, verb]) => {
    const rows = definitions
      .filter((definition) => definition.category === category)
      .map(({ kind, help }) => `| [\`${kind}\`](${kind}.md) | ${cell(firstSentence(help))} |`)
    return `## ${title}\n\nNodes that ${verb}.\n\n| Kind | What it does |\n| --- | --- |\n${rows.join('\n')}\n`
  })
  const intro =
    'Every kind of node, with its ports and config. How nodes stand in a file: [The pipeline format](../pipeline-format.md).'
  return `${generated}# Node reference\n\n${intro}\n\n${sections.join('\n')}`
}

function page(definition: NodeDefinition): string {
  const { kind, title, category, help } = definition
  const version = kindVersion(definition)
  const parts = [
    `# ${title}\n\n\`"kind": "${kind}"\` · ${category}${version > 1 ? ` · write \`"version": ${version}\`` : ''}`,
    help,
    ...exampleOf(definition),
    `## Ports\n\n${ports(definition)}`,
    `## Config\n\n${config(definition)}`,
  ]
  return `${generated}${parts.join('\n\n')}\n`
}

function exampleOf(definition: NodeDefinition): string[] {
  const example = examples[definition.kind]
  if (!example) return []
  const text = formatValue({ kind: definition.kind, config: splitLines(example, definition) })
  return [`## Example\n\n\`\`\`json\n${text}\n\`\`\``]
}

function ports({ inputs, outputs }: NodeDefinition): string {
  const rows = [...inputs.map((port) => portRow('in', port)), ...outputs.map((port) => portRow('out', port))]
  if (rows.length === 0) return 'None: other nodes can only be set to run before or after it (`"after": true`).'
  return `| | Port | |\n| --- | --- | --- |\n${rows.join('\n')}`
}

function portRow(direction: string, port: PortSpec): string {
  const notes = [
    port.many ? 'takes any number of edges, in the order of the document' : '',
    port.named ? 'each edge names its input with `toPort`' : '',
    port.optional ? 'may stay open' : '',
    direction === 'out' && port.name !== 'out' ? `edges say \`"fromPort": "${port.name}"\`` : '',
  ].filter((note) => note !== '')
  return `| ${direction} | \`${port.name}\` | ${cell([port.title, ...notes].join('; '))} |`
}

interface FieldRow {
  name: string
  type: string
  fallback: string
  description: string
}

function config(definition: NodeDefinition): string {
  const schema = configJsonSchema(definition)
  const rows = fieldRows(schema, '')
  if (rows.length === 0) return 'Nothing to set.'
  const lines = rows.map(
    (row) => `| \`${row.name}\` | ${cell(row.type)} | ${cell(row.fallback)} | ${cell(row.description)} |`,
  )
  return `| Field | Type | Default | |\n| --- | --- | --- | --- |\n${lines.join('\n')}`
}

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

/** One row for each field, those of nested objects and lists below their parent. */
function fieldRows(schema: JsonSchema, prefix: string): FieldRow[] {
  const properties = isSchema(schema.properties) ? schema.properties : {}
  const required = list(schema.required)
  return Object.entries(properties).flatMap(([name, field]) => {
    if (!isSchema(field) || (prefix.endsWith(').') && field.const !== undefined)) return []
    const full = `${prefix}${name}`
    const fallback =
      field.default !== undefined ? `\`${JSON.stringify(field.default)}\`` : required.includes(name) ? 'required' : ''
    const description = typeof field.description === 'string' ? field.description : ''
    return [{ name: full, type: typeOf(field), fallback, description }, ...inner(field, full)]
  })
}

function inner(field: JsonSchema, name: string): FieldRow[] {
  const options = [...list(field.oneOf), ...list(field.anyOf)].filter(isSchema)
  return [
    ...(isSchema(field.properties) ? fieldRows(field, `${name}.`) : []),
    ...(isSchema(field.items) ? inner(field.items, `${name}[]`) : []),
    ...(isSchema(field.additionalProperties) ? inner(field.additionalProperties, `${name}.*`) : []),
    ...options.flatMap((option) => inner(option, `${name}${variant(option)}`)),
  ]
}

/** Which of several shapes is meant: ` (type: page)`. */
function variant(option: JsonSchema): string {
  const fixed = Object.entries(isSchema(option.properties) ? option.properties : {}).flatMap(([key, value]) =>
    isSchema(value) && value.const !== undefined ? [`${key}: ${String(value.const)}`] : [],
  )
  return fixed.length === 0 ? '' : ` (${fixed.join(', ')})`
}

function typeOf(schema: JsonSchema): string {
  if (typeof schema.$ref === 'string') return 'any JSON'
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(', ')
  const options = [...list(schema.oneOf), ...list(schema.anyOf), ...list(schema.allOf)].filter(isSchema)
  if (options.length > 0) return [...new Set(options.map((option) => typeOf(option)))].join(' or ')
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeOf({ type })).join(' or ')
  if (schema.type === 'array') return isSchema(schema.items) ? `list of ${typeOf(schema.items)}` : 'list'
  if (schema.type === 'object') {
    const fixed = variant(schema)
    if (fixed !== '') return `object${fixed}`
    const values = isSchema(schema.additionalProperties) ? typeOf(schema.additionalProperties) : ''
    return values === '' ? 'object' : `object of ${values}`
  }
  return `${words[String(schema.type)] ?? 'any JSON'}${range(schema)}`
}

const words: Record<string, string> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'true or false',
  null: 'null',
}

function range(schema: JsonSchema): string {
  const bounded = (value: unknown) => typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER
  const parts = [
    bounded(schema.minimum) ? `≥ ${String(schema.minimum)}` : '',
    bounded(schema.exclusiveMinimum) ? `> ${String(schema.exclusiveMinimum)}` : '',
    bounded(schema.maximum) ? `≤ ${String(schema.maximum)}` : '',
  ].filter((part) => part !== '')
  return parts.length === 0 ? '' : `, ${parts.join(', ')}`
}
