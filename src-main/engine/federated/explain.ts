import type { PlanStep } from '../../../shared/contract/queries.ts'
import { cellText } from '../../../shared/data/wire.ts'
import { quoteText } from '../../../shared/sql/duckdb.ts'
import { lexis, replacePlaceholders } from '../../../shared/sql/placeholders.ts'
import type { BoundValue } from '../../dialects/dialect.ts'
import { isPart, type Part, partsOf, textOf } from '../lineage/json.ts'
import type { Ask } from './query.ts'
import { fieldsOf, positionsOf } from './readings.ts'

export interface Explained {
  plan: PlanStep
  /** What is asked of the sources, then the plan as the engine gave it. */
  text: string
}

/** The engine's plan with the SQL of each source where it is read. */
export function describePlan(asks: readonly Ask[], plan: string): Explained {
  const parsed: unknown = JSON.parse(plan)
  const [root] = (Array.isArray(parsed) ? parsed : [parsed]).filter(isPart)
  const asked = asks.map((ask) => `${titleOf(ask)}\n${shown(ask)}`)
  const text = `${asked.join('\n\n')}${asked.length > 0 ? '\n\n' : ''}${JSON.stringify(parsed, null, 2)}`
  const held = asks.filter(({ again }) => again).map(stepOf)
  const query = root ? below(root, asks) : { title: 'Query', steps: [] }
  return { plan: held.length > 0 ? { title: 'Query', steps: [...held, query] } : query, text }
}

const titleOf = ({ source, again }: Ask) => {
  const { schema, name } = source.table
  const place = [source.connection, schema, name].filter((part) => part !== undefined).join('.')
  return `${again ? 'Hold' : 'Read'} ${place}`
}

/** The SQL with its values, for reading. */
function shown({ asked: { sql, params } }: Ask): string {
  return replacePlaceholders(sql, lexis.postgres, (name) => literal(params[name]))
}

function literal(bound: BoundValue | undefined): string {
  if (!bound || bound.value === null) return 'NULL'
  const text = cellText(bound.value, bound.type)
  return /^(int|decimal|boolean)/.test(bound.type.kind) ? text : quoteText(text)
}

const stepOf = (ask: Ask): PlanStep => ({ title: titleOf(ask), detail: shown(ask), steps: [] })

function below(part: Part, asks: readonly Ask[]): PlanStep {
  const name = textOf(part, part.name === undefined ? 'operator_name' : 'name').trim()
  const children = partsOf(part, 'children')
  const [only] = children
  // What explains is no part of the query.
  if (only && (name === '' || name === 'EXPLAIN_ANALYZE')) return below(only, asks)
  const info = isPart(part.extra_info) ? part.extra_info : {}
  const read = name.startsWith('READ_CSV') ? readBy(part, asks) : undefined
  const steps = children.map((child) => below(child, asks))
  // How many rows it expects is of no worth: it takes every source for the same few.
  const actualRows = numberOf(part.operator_cardinality)
  const seconds = numberOf(part.operator_timing)
  return {
    ...(read ? stepOf(read) : { title: wordsOf(name), ...detailOf(info, asks) }),
    ...(actualRows !== undefined && { actualRows }),
    ...(seconds !== undefined && { ms: seconds * 1000 + steps.reduce((sum, { ms = 0 }) => sum + ms, 0) }),
    steps,
  }
}

/** The source that a scan reads; one that only counts rows may be any, unless there is but one. */
function readBy(scan: Part, asks: readonly Ask[]): Ask | undefined {
  const fields = fieldsOf(scan)
  const streamed = asks.filter(({ again }) => !again)
  return (
    asks.find(({ source }) => positionsOf(fields, source).length > 0) ??
    (streamed.length === 1 ? streamed[0] : undefined)
  )
}

const wordsOf = (name: string) => {
  const words = name.toLowerCase().replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function detailOf(info: Part, asks: readonly Ask[]): { detail?: string } {
  const said = Object.entries(info).filter(([key, value]) => value !== '' && !/Cardinality|Index$/.test(key))
  const parts = said.map(([key, value]) => `${key}: ${Array.isArray(value) ? value.join(', ') : String(value)}`)
  return parts.length === 0 ? {} : { detail: withNames(parts.join(' · '), asks) }
}

/** Fields of sources under the names of their columns. */
const withNames = (text: string, asks: readonly Ask[]) =>
  text.replaceAll(/\b(s\d+)_(\d+)\b/g, (field, id: string, position: string) => {
    const ask = asks.find(({ source }) => source.id === id)
    return ask?.source.columns[Number(position)]?.name ?? field
  })

const numberOf = (value: unknown): number | undefined => {
  const number =
    typeof value === 'number' ? value : typeof value === 'string' && value !== '' ? Number(value) : Number.NaN
  return Number.isFinite(number) ? number : undefined
}
