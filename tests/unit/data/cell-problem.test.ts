import { describe, expect, it } from 'vitest'
import { cellProblem } from '../../../shared/data/cell-problem.ts'
import { parseType } from '../../../shared/data/types.ts'

const taken: Record<string, string[]> = {
  text: ['', 'a\nb', '\\x'],
  int16: ['-32768', '+32767', '007'],
  int64: ['9223372036854775807', '-9223372036854775808'],
  decimal: ['1', '.5', '5.', '-12345678901234567890.123456789', 'NaN'],
  'decimal(5,2)': ['999.99', '-0.5', '1.500', '000123.4'],
  float64: ['1e300', 'NaN', '-inf', '2.5'],
  boolean: ['true', 'f', '1', 'FALSE'],
  date: ['2024-02-29', '0001-01-01', 'infinity', '0044-03-15 BC'],
  time: ['9:05', '23:59:59.999999', '24:00:00'],
  timestamp: ['2024-05-31', '2024-05-31T14:30', '2024-05-31 14:30:05.123456'],
  timestamptz: ['2024-05-31 14:30:05+02', '2024-05-31T14:30:05Z', '2024-05-31 14:30:05 -0330'],
  uuid: ['6F9619FF-8B86-D011-B42D-00C04FC964FF', '6f9619ff8b86d011b42d00c04fc964ff'],
  json: ['{"a": [1, null]}', '"x"', 'null', '12345678901234567890'],
  blob: ['\\x', '\\x00FF'],
  'list(int64)': ['[]', '[1, null]'],
  "enum('sad','ok')": ['ok'],
  interval: ['1 day 02:00'],
}

const refused: Record<string, [text: string, words: RegExp][]> = {
  int16: [
    ['32768', /between -32768 and 32767/],
    ['1.5', /whole number/],
    ['', /whole number/],
    ['abc', /whole number/],
  ],
  int64: [['9223372036854775808', /between/]],
  decimal: [
    ['.', /number/],
    ['1,5', /number/],
  ],
  'decimal(5,2)': [
    ['1000', /3 digits before/],
    ['1.234', /At most 2 decimals/],
    ['NaN', /number/],
  ],
  'decimal(5,0)': [['1.5', /without decimals/]],
  float64: [['1.2.3', /number/]],
  boolean: [['yes please', /true or false/]],
  date: [
    ['2023-02-29', /date/],
    ['31.05.2024', /date/],
  ],
  time: [['25:00', /time/]],
  timestamp: [
    ['2024-05-31 14:61', /point in time/],
    ['2024-05-31 14:30:05+02:00', /without a time zone/],
    ['2024-05-31T14:30Z', /without a time zone/],
    ['2024-05-31 14:30 -0330', /without a time zone/],
  ],
  timestamptz: [['2024-05-31 14:30 somewhere', /point in time/]],
  uuid: [['6f9619ff', /UUID/]],
  json: [['{a: 1}', /JSON/]],
  blob: [['\\x0', /pairs/]],
  'list(int64)': [['1, 2', /JSON array/]],
  "enum('sad','ok')": [['OK', /sad, ok/]],
}

describe('the text of a cell', () => {
  it.each(Object.entries(taken))('is taken as %s', (type, texts) => {
    for (const text of texts) expect(cellProblem(text, parseType(type)), text).toBeUndefined()
  })

  it.each(Object.entries(refused))('is refused as %s, in words', (type, cases) => {
    for (const [text, words] of cases) expect(cellProblem(text, parseType(type)), text).toMatch(words)
  })
})
