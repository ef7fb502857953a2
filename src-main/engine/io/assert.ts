import { AppError } from '../../../shared/errors.ts'
import { nearestFew } from '../../../shared/nearest.ts'
import type { AssertConfig } from '../../../shared/nodes/assert.ts'
import { quoteName } from '../../../shared/sql/duckdb.ts'
import { bindParameters } from '../duck/parameters.ts'
import type { SinkExecutor } from '../executors.ts'
import type { DuckRunner, NodeContext, NodeInput } from '../node-context.ts'

export const assertGate: SinkExecutor<AssertConfig> = {
  reads: 'many',

  async check({ config }, input) {
    const names = input?.map((column) => column.name)
    if (!names) return
    const known = new Set(names.map((name) => name.toLowerCase()))
    for (const field of ['notNull', 'unique'] as const) {
      for (const name of config[field]) {
        if (known.has(name.toLowerCase())) continue
        const near = nearestFew(name, names)
        throw new AppError('CONFIG_COLUMN', `The column ${name} does not arrive at the assertion.`, {
          hint: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : `Columns that arrive: ${names.join(', ')}.`,
          at: { field },
        })
      }
    }
  },

  async run(context, input, { duck }) {
    if (!input) throw new AppError('GRAPH_PORT', 'An assertion needs rows.')
    const broken = await brokenRules(context, input, duck)
    if (broken.length > 0 && context.config.severity === 'fail') {
      throw new AppError('DATA_ASSERT', broken.join(' '), { hint: 'Mend the rows upstream, or set severity to warn.' })
    }
    for (const message of broken) context.log('warn', message)
    return { counts: {} }
  },
}

const count = (rows: number) => `${rows.toLocaleString('en-US')} ${rows === 1 ? 'row' : 'rows'}`

async function brokenRules(
  { config, params }: NodeContext<AssertConfig>,
  input: NodeInput,
  duck: DuckRunner,
): Promise<string[]> {
  const relation = await input.relation()
  const number = async (sql: string) => Number((await duck.text(sql))[0]?.[0] ?? 0)
  const broken: string[] = []
  if (config.rows) {
    const rows = await number(`SELECT count(*) FROM ${relation}`)
    const { min, max } = config.rows
    if (min !== undefined && rows < min) broken.push(`Expected at least ${count(min)}, got ${count(rows)}.`)
    if (max !== undefined && rows > max) broken.push(`Expected at most ${count(max)}, got ${count(rows)}.`)
  }
  for (const name of config.notNull) {
    const rows = await number(`SELECT count(*) FROM ${relation} WHERE ${quoteName(name)} IS NULL`)
    if (rows > 0) broken.push(`${name} is NULL in ${count(rows)}.`)
  }
  if (config.unique.length > 0) {
    const keys = config.unique.map(quoteName).join(', ')
    const shown = `concat_ws(', ', ${config.unique.map((name) => `coalesce(CAST(${quoteName(name)} AS VARCHAR), 'NULL')`).join(', ')})`
    const repeats = `FROM ${relation} GROUP BY ${keys} HAVING count(*) > 1`
    const groups = await number(`SELECT count(*) FROM (SELECT 1 ${repeats})`)
    const example = groups > 0 ? (await duck.text(`SELECT ${shown} ${repeats} ORDER BY 1 LIMIT 1`))[0]?.[0] : undefined
    if (groups > 0)
      broken.push(
        `${config.unique.join(', ')} is not unique: ${groups.toLocaleString('en-US')} repeated, for example ${example}.`,
      )
  }
  if (config.condition !== undefined) {
    const rows = await number(
      `SELECT count(*) FROM ${relation} WHERE (\n${bindParameters(config.condition, params)}\n) IS NOT TRUE`,
    )
    if (rows > 0) broken.push(`${config.condition} does not hold for ${count(rows)}.`)
  }
  return broken
}
