import type { Column } from '../../../shared/data/types.ts'
import { AppError, toAppError } from '../../../shared/errors.ts'
import { nearestFew } from '../../../shared/nearest.ts'
import { type AssertConfig, assert } from '../../../shared/nodes/assert.ts'
import { erase } from '../../../shared/nodes/registry.ts'
import { duckType, expression, quoteName } from '../../../shared/sql/duckdb.ts'
import { bindParameters } from '../duck/parameters.ts'
import type { SinkExecutor } from '../executors.ts'
import type { DuckRunner, NodeContext, NodeInput } from '../node-context.ts'
import { placeInField } from '../place.ts'
import type { Parameters } from './parameters.ts'

export const assertGate: SinkExecutor<AssertConfig> = {
  reads: 'many',

  async check({ config, params, duck }, input) {
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
    if (config.condition !== undefined && duck) await checkCondition(config, input ?? [], params, duck)
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

/** Binds the condition over no rows. @throws AppError placed on the condition */
async function checkCondition(config: AssertConfig, input: readonly Column[], params: Parameters, duck: DuckRunner) {
  const columns = input.map(({ name, type }) => `CAST(NULL AS ${duckType(type)}) AS ${quoteName(name)}`)
  let select = ''
  try {
    select = `SELECT ${bindParameters(expression(config.condition ?? '', 'condition'), params)} FROM (SELECT ${columns.join(', ')})`
    await duck.columns(select)
  } catch (error) {
    const names = input.map(({ name }) => name)
    throw placeInField(toAppError(error), { select, definition: erase(assert), config, params, columns: names })
  }
}

/** Columns of a row that is shown as an example. */
const exampleColumns = 5

const count = (rows: number) => `${rows.toLocaleString('en-US')} ${rows === 1 ? 'row' : 'rows'}`

async function brokenRules(
  { config, params }: NodeContext<AssertConfig>,
  input: NodeInput,
  duck: DuckRunner,
): Promise<string[]> {
  const relation = await input.relation('some columns')
  const number = async (sql: string) => Number((await duck.text(sql))[0]?.[0] ?? 0)
  const example = async (where: string) => {
    const shown = input.columns.slice(0, exampleColumns)
    const fields = shown.map(({ name }) => `left(CAST(${quoteName(name)} AS VARCHAR), 40)`)
    const [row = []] = await duck.text(`SELECT ${fields.join(', ')} FROM ${relation} WHERE ${where} LIMIT 1`)
    const cells = shown.map(({ name }, index) => `${name} ${row[index] ?? 'NULL'}`)
    return `${cells.join(', ')}${input.columns.length > exampleColumns ? ', …' : ''}`
  }
  const broken: string[] = []
  if (config.rows) {
    const rows = await number(`SELECT count(*) FROM ${relation}`)
    const { min, max } = config.rows
    if (min !== undefined && rows < min) broken.push(`Expected at least ${count(min)}, got ${count(rows)}.`)
    if (max !== undefined && rows > max) broken.push(`Expected at most ${count(max)}, got ${count(rows)}.`)
  }
  for (const name of config.notNull) {
    const where = `${quoteName(name)} IS NULL`
    const rows = await number(`SELECT count(*) FROM ${relation} WHERE ${where}`)
    if (rows > 0) broken.push(`${name} is NULL in ${count(rows)}, for example ${await example(where)}.`)
  }
  if (config.unique.length > 0) {
    const keys = config.unique.map(quoteName).join(', ')
    const shown = `concat_ws(', ', ${config.unique.map((name) => `coalesce(CAST(${quoteName(name)} AS VARCHAR), 'NULL')`).join(', ')})`
    const repeats = `FROM ${relation} GROUP BY ${keys} HAVING count(*) > 1`
    const groups = await number(`SELECT count(*) FROM (SELECT 1 ${repeats})`)
    const repeated = groups > 0 ? (await duck.text(`SELECT ${shown} ${repeats} ORDER BY 1 LIMIT 1`))[0]?.[0] : undefined
    if (groups > 0)
      broken.push(
        `${config.unique.join(', ')} is not unique: ${groups.toLocaleString('en-US')} repeated, for example ${repeated}.`,
      )
  }
  if (config.condition !== undefined) {
    const where = `(\n${bindParameters(config.condition, params)}\n) IS NOT TRUE`
    const rows = await number(`SELECT count(*) FROM ${relation} WHERE ${where}`)
    if (rows > 0)
      broken.push(`${config.condition} does not hold for ${count(rows)}, for example ${await example(where)}.`)
  }
  return broken
}
