/** What DuckDB calls types, as columns call them. */
const typeNames: Readonly<Record<string, string>> = {
  VARCHAR: 'text',
  BOOLEAN: 'boolean',
  TINYINT: 'int16',
  SMALLINT: 'int16',
  INT16: 'int16',
  INTEGER: 'int32',
  INT32: 'int32',
  BIGINT: 'int64',
  INT64: 'int64',
  HUGEINT: 'decimal(38,0)',
  INT128: 'decimal(38,0)',
  FLOAT: 'float32',
  DOUBLE: 'float64',
  BLOB: 'blob',
  DATE: 'date',
  TIME: 'time',
  TIMESTAMP: 'timestamp',
  'TIMESTAMP WITH TIME ZONE': 'timestamptz',
  INTERVAL: 'interval',
  UUID: 'uuid',
  JSON: 'json',
}

/** A type, or several with commas between them. */
const typed = (names: string) =>
  names.replace(/TIMESTAMP WITH TIME ZONE|[A-Z][A-Z0-9]*/g, (name) => typeNames[name] ?? name.toLowerCase())

interface Words {
  message: string
  hint?: string
}

const misfit = (value: string, type: string, column: string | undefined) =>
  column === undefined ? `"${value}" is no ${type}.` : `Column ${column} holds "${value}", which is no ${type}.`

const castFirst = 'Cast it first, with a select node or cast(… as …).'

const phrases: [RegExp, (found: readonly string[]) => Words][] = [
  [
    /^No function matches the given name and argument types '(\w+|[^\w(]+)\((.*?)\)'/,
    ([, name = '', types = '']) => ({
      message: /^\w+$/.test(name)
        ? `${name} does not take ${typed(types)}.`
        : `There is no ${name} of ${typed(types)}.`,
      hint: castFirst,
    }),
  ],
  [
    /^Unimplemented type for cast \((.+) -> (.+)\)/,
    ([, from = '', to = '']) => ({
      message: `A ${typed(from)} cannot become a ${typed(to)}.`,
      hint: 'Cast the columns to a type that all of them can become, e.g. text.',
    }),
  ],
  [
    /^Cannot (?:mix|compare) values of type (\S+) (?:and|in) (?:type )?(\S+)/,
    ([, one = '', other = '']) => ({
      message: `${typed(one)} and ${typed(other)} do not go together.`,
      hint: castFirst,
    }),
  ],
  [
    /^Could not convert string ['"]([\s\S]*)['"] to '?([A-Z][\w ,()]*?)'?(?: when casting from source column (.+?))?\.?$/,
    ([, value = '', type = '', column]) => ({
      message: misfit(value, typed(type), column),
      hint: 'Leave such rows out before, or use try_cast(… as …), which gives NULL for them.',
    }),
  ],
  [
    // Said of data, and of a date compared with an infinite timestamp, which the engine turns into a comparison of dates.
    /^Can't get TIME of infinite TIMESTAMP/,
    () => ({
      message: 'An infinite timestamp has no time of day.',
      hint: "Leave infinite timestamps out before, by isfinite(…); compare a date with DATE 'infinity'.",
    }),
  ],
  [
    /^Malformed JSON(?! in file)[^:]*: (.+?)\.?\s+Input: "([\s\S]*?)"(?: when casting from source column (.+?))?\.?$/,
    ([, reason = '', value = '', column]) => ({
      message: misfit(value, `JSON: ${reason}`, column),
      hint: 'Leave such rows out before, by a filter on json_valid(…); a flatten node can make them NULL with "onError".',
    }),
  ],
]

/** The engine's message in words of people who have columns; undefined where it is plain enough. */
export function plainly(message: string): Words | undefined {
  for (const [pattern, say] of phrases) {
    const found = pattern.exec(message)
    if (found) return say(found)
  }
  return undefined
}
