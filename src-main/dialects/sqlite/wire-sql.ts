import type { Column, ColumnType } from '../../../shared/data/types.ts'

/** SQL function, defined by the lane, that fails the statement: `sluice_refuse(column index, value)`. */
export const REFUSE = 'sluice_refuse'

/** SQL function, defined by the lane, that collects lines: `sluice_take(line)`, true when it is time to send them. */
export const TAKE = 'sluice_take'

/**
 * Wraps a query so that SQLite itself writes each row as one wire line and hands it to a function: crossing into
 * JavaScript once per row is several times cheaper than once per value, and a call cheaper than a result row. The
 * statement gives a row only when enough lines have been collected. A value whose storage class is foreign to its
 * column's type stops the statement instead of being bent into shape.
 *
 * LIMITs keep SQLite from merging the levels of the query: the lines are taken after the user's ORDER BY and LIMIT, and
 * unless every output is `direct`, a plain column of a table, an expression is evaluated once per row however often
 * ours mentions it (`random()` would differ each time).
 */
export function wireSql(sql: string, columns: readonly Column[], direct: boolean): string {
  const names = columns.map((_, index) => `c${index}`)
  const line = columns.flatMap((column, index) => wireParts(`c${index}`, index, column.type, direct))
  const source = direct ? 'q' : '(select * from q limit -1)'
  const lines = `select ${concat([...line, 'char(10)'])} as line from ${source} limit -1`
  return `with q(${names.join(',')}) as (${sql}\n) select 1 from (${lines}) where ${TAKE}(line)`
}

/** Functions take a limited number of arguments, so long lines are put together in groups. */
function concat(parts: string[]): string {
  if (parts.length <= 100) return `concat(${parts.join(',')})`
  const groups: string[] = []
  for (let at = 0; at < parts.length; at += 100) groups.push(`concat(${parts.slice(at, at + 100).join(',')})`)
  return concat(groups)
}

/**
 * One field of the line and the comma before it, as parts to be concatenated: joining them with `||` first would copy each value
 * twice, and each part costs as much as a short value. Storage classes are told apart by comparing: numbers sort before `''`, texts
 * before `x''`, and NULL compares as neither. Comparisons cost a fraction of calls to `typeof`, which is left to the rare values.
 */
function wireParts(name: string, index: number, type: ColumnType, direct: boolean): string[] {
  const escaped = `iif(instr(${name},'"'),replace(${name},'"','""'),${name})`
  const isNumber = `${name}<''`
  const float = `format('%!.17g',${name})`
  const choose = (cases: Record<string, string>) => {
    const whens = Object.entries(cases).map(([storage, result]) => `when '${storage}' then ${result}`)
    return `case typeof(${name}) ${whens.join(' ')} when 'null' then null else ${REFUSE}(${index},${name}) end`
  }
  const comma = index === 0 ? '' : ','
  const value = (sql: string) => (index === 0 ? [sql] : ["','", sql])
  const quoted = (sql: string) => [`iif(${name} is null,'${comma}','${comma}"')`, sql, `iif(${name} is null,'','"')`]
  const text = (otherwise: string) => quoted(`iif(${name}>='' and ${name}<x'',${escaped},${otherwise})`)
  switch (type.kind) {
    case 'int16':
    case 'int32':
    case 'int64':
      return value(`iif(${name}=cast(${name} as integer),cast(${name} as integer),${choose({})})`)
    case 'boolean':
      return value(
        `case when ${name} is null then null when typeof(${name})='integer' and ${name} in (0,1) then iif(${name},'true','false') when lower(${name}) in ('true','t') then 'true' when lower(${name}) in ('false','f') then 'false' else ${REFUSE}(${index},${name}) end`,
      )
    case 'float32':
    case 'float64': {
      const special = `iif(lower(${name}) in ('nan','inf','-inf','infinity','-infinity'),${name},${REFUSE}(${index},${name}))`
      return value(`iif(${isNumber},${float},${choose({ text: special })})`)
    }
    case 'decimal': {
      const scale = type.scale ?? 0
      if (type.precision === undefined) return text(choose({ integer: name, real: float }))
      const zeros = scale > 0 ? `||'.${'0'.repeat(scale)}'` : ''
      return text(choose({ integer: name + zeros, real: `format('%.${scale}f',${name})` }))
    }
    case 'blob':
      return value(choose({ blob: `'\\x'||lower(hex(${name}))`, text: `'\\x'||lower(hex(${name}))` }))
    case 'date':
    case 'time':
    case 'timestamp':
    case 'timestamptz':
      return text(choose({}))
    default:
      // A table's own text column turns numbers into text when they are stored; only a blob can be foreign to it.
      if (direct && type.kind === 'text') return quoted(`iif(${name}<x'',${escaped},${choose({})})`)
      return text(choose({ integer: name, real: float }))
  }
}
