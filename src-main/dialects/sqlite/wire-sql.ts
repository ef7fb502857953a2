import type { Column, ColumnType } from '../../../shared/data/types.ts'

/** SQL function, defined by the lane, that fails the statement: `sluice_refuse(column index, value)`. */
export const REFUSE = 'sluice_refuse'

/** SQL function, defined by the lane, that collects rows: `sluice_take(array)`, true when it is time to send them. */
export const TAKE = 'sluice_take'

/** What stands for NULL in the array. No text in a JSON array holds it, since quotes in texts are escaped. */
export const NULL = '{"":0}'

const NULL_VALUE = `json('${NULL}')`
const LARGEST = '1.7976931348623157e308'

/**
 * Wraps a query so that SQLite itself writes each row as one JSON array and hands it to a function: crossing into
 * JavaScript once per row is several times cheaper than once per value, and a call cheaper than a result row. Of all
 * functions that make one text of many values, `json_array` is the cheapest, and its texts are nearly those of the
 * wire. The statement gives a row only when enough of them have been collected. A value whose storage class is foreign
 * to its column's type stops the statement instead of being bent into shape.
 *
 * LIMITs keep SQLite from merging the levels of the query: the rows are taken after the user's ORDER BY and LIMIT, and
 * unless every output is `direct`, a plain column of a table, an expression is evaluated once per row
 * however often ours mentions it (`random()` would differ each time).
 */
export function wireSql(sql: string, columns: readonly Column[], direct: boolean): string {
  const names = columns.map((_, index) => `c${index}`)
  const values = columns.map((column, index) => wireValue(`c${index}`, index, column.type, direct))
  const source = direct ? 'q' : '(select * from q limit -1)'
  const lines = `select ${array(values)} as line from ${source} limit -1`
  return `with q(${names.join(',')}) as (${sql}\n) select 1 from (${lines}) where ${TAKE}(line)`
}

/** Arguments that a function takes at most, as SQLite is built into Node. */
const MOST_ARGUMENTS = 1000

/** Rows of more columns than a function takes arguments are put together from pieces; each is made twice, to be cut to size. */
function array(values: string[]): string {
  if (values.length <= MOST_ARGUMENTS) return `json_array(${values.join(',')})`
  const pieces: string[] = []
  for (let at = 0; at < values.length; at += MOST_ARGUMENTS) {
    const piece = `json_array(${values.slice(at, at + MOST_ARGUMENTS).join(',')})`
    pieces.push(`substr(${piece},2,length(${piece})-2)`)
  }
  return `'['||${pieces.join("||','||")}||']'`
}

/**
 * One item of the array. Storage classes are told apart by comparing: numbers sort before `''`, texts before `x''`, and NULL
 * compares as neither. Comparisons cost a fraction of calls to `typeof`, which is left to the rare values. Texts are made new by
 * `||`, since one that comes from a JSON function would be taken for JSON.
 */
function wireValue(name: string, index: number, type: ColumnType, direct: boolean): string {
  const float = `format('%!.17g',${name})`
  const choose = (cases: Record<string, string>) => {
    const whens = Object.entries(cases).map(([storage, result]) => `when '${storage}' then ${result}`)
    return `case typeof(${name}) ${whens.join(' ')} when 'null' then ${NULL_VALUE} else ${REFUSE}(${index},${name}) end`
  }
  const text = (otherwise: string) => `iif(${name}>='' and ${name}<x'',${name}||'',${otherwise})`
  switch (type.kind) {
    case 'int16':
    case 'int32':
    case 'int64':
      return `iif(${name}=cast(${name} as integer),cast(${name} as integer),${choose({})})`
    case 'boolean':
      return `case when typeof(${name})='integer' and ${name} in (0,1) then iif(${name},'true','false') when lower(${name}) in ('true','t') then 'true' when lower(${name}) in ('false','f') then 'false' else ${choose({})} end`
    case 'float32':
    case 'float64': {
      const special = `iif(lower(${name}) in ('nan','inf','-inf','infinity','-infinity'),${name},${REFUSE}(${index},${name}))`
      const infinite = `iif(${name}>0,'Inf','-Inf')`
      return `iif(${name} between -${LARGEST} and ${LARGEST},${name},${choose({ text: special, real: infinite })})`
    }
    case 'decimal': {
      const scale = type.scale ?? 0
      if (type.precision === undefined) return text(choose({ integer: `${name}||''`, real: float }))
      const zeros = scale > 0 ? `||'.${'0'.repeat(scale)}'` : `||''`
      return text(choose({ integer: name + zeros, real: `format('%.${scale}f',${name})` }))
    }
    case 'blob':
      return choose({ blob: `'\\x'||lower(hex(${name}))`, text: `'\\x'||lower(hex(${name}))` })
    case 'date':
    case 'time':
    case 'timestamp':
    case 'timestamptz':
      return text(choose({}))
    default:
      // A table's own text column turns numbers into text when they are stored; only a blob can be foreign to it.
      if (direct && type.kind === 'text') return `iif(${name}<x'',${name}||'',${choose({})})`
      return text(choose({ integer: `${name}||''`, real: float }))
  }
}
