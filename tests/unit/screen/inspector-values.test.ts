import { describe, expect, it } from 'vitest'
import { isFlat, parseBody, readBody, writeBody } from '../../../src-renderer/inspector/form/editors/body-lines.ts'
import { matchByName } from '../../../src-renderer/inspector/form/editors/mapping.ts'
import { readPivot, writePivot } from '../../../src-renderer/inspector/form/editors/pivot-values.ts'
import { readLines, writeLines } from '../../../src-renderer/inspector/form/editors/request-values.ts'
import { cellText, cellValue, withPasted } from '../../../src-renderer/inspector/form/editors/rows-cells.ts'
import { templateOffers } from '../../../src-renderer/inspector/form/templates.ts'
import { nameProblem } from '../../../src-renderer/inspector/parameter-name.ts'
import { readCells } from '../../../src-renderer/ui/cells-text.ts'

describe('cells of a rows node', () => {
  it('are written as their type has them, and exactly', () => {
    expect(cellValue('12', 'int32')).toBe(12)
    expect(cellValue('9007199254740993', 'int64')).toBe('9007199254740993')
    expect(cellValue('1.10', 'decimal(12,2)')).toBe('1.10')
    expect(cellValue('1.5e3', 'float64')).toBe(1500)
    expect(cellValue('yes', 'boolean')).toBe(true)
    expect(cellValue('{"a":1}', 'json')).toEqual({ a: 1 })
    expect(cellValue(' x ', 'text')).toBe(' x ')
  })

  it('keep what does not fit, so that it can be complained about', () => {
    expect(cellValue('twelve', 'int32')).toBe('twelve')
    expect(cellValue('maybe', 'boolean')).toBe('maybe')
    expect(cellValue('x', 'no type')).toBe('x')
  })

  it('tell NULL from an empty text', () => {
    expect(cellValue('', 'text')).toBe('')
    expect(cellValue('', 'int64')).toBeNull()
    expect(cellText(null)).toBeNull()
    expect(cellText('')).toBe('')
    expect(cellText([1, 2])).toBe('[1,2]')
  })

  it('take a table from a spreadsheet at any place', () => {
    const grid = {
      columns: [
        { name: 'a', type: 'int64' },
        { name: 'b', type: 'text' },
      ],
      rows: [[1, 'x']],
    }
    expect(withPasted(grid, 0, 1, readCells('y\tbeyond\r\nz\t\n'))).toEqual([
      [1, 'y'],
      [null, 'z'],
    ])
    expect(withPasted(grid, 0, 1, readCells('"two\nlines, ""quoted"""\n"a\tb"'))).toEqual([
      [1, 'two\nlines, "quoted"'],
      [null, 'a\tb'],
    ])
    expect(withPasted(grid, 1, 0, readCells('2\tq'))).toEqual([
      [1, 'x'],
      [2, 'q'],
    ])
  })
})

describe('headers and query parameters', () => {
  it('go to lines and back unchanged', () => {
    const query = { limit: 100, tag: ['a', 'b'], on: true, key: { secret: 's', prefix: 'Bearer ' } }
    expect(writeLines(readLines(query), true)).toEqual(query)
  })

  it('repeat a parameter, and let the last header win', () => {
    const line = { kind: 'text' as const, prefix: '', was: undefined }
    const lines = [
      { ...line, name: 'a', text: '1' },
      { ...line, name: 'a', text: '2' },
      { ...line, name: '', text: 'waits' },
    ]
    expect(writeLines(lines, true)).toEqual({ a: ['1', '2'] })
    expect(writeLines(lines, false)).toEqual({ a: '2' })
    expect(writeLines([], true)).toBeUndefined()
  })

  it('become text once another text is typed', () => {
    const [limit] = readLines({ limit: 100 })
    expect(limit && writeLines([{ ...limit, text: '200' }], true)).toEqual({ limit: '200' })
  })
})

describe('values of a pivot', () => {
  it('go to lines and back unchanged', () => {
    for (const item of ['a', 2023, true, null, { value: 2024, name: 'this_year' }, { value: null, name: 'none' }]) {
      expect(writePivot(readPivot(item))).toEqual(item)
    }
  })

  it('change by what is typed', () => {
    expect(writePivot({ ...readPivot(2023), text: '2024' })).toBe('2024')
    expect(writePivot({ ...readPivot('a'), name: 'first' })).toEqual({ value: 'a', name: 'first' })
  })
})

describe('a body', () => {
  it('is edited field by field while it is flat', () => {
    const body = { since: '{{since}}', page: 1, deep: false, none: null }
    expect(isFlat(body)).toBe(true)
    expect(writeBody(readBody(body))).toEqual(body)
    expect(isFlat({ a: [] })).toBe(false)
    expect(isFlat('text')).toBe(false)
    expect(writeBody([])).toBeUndefined()
  })
})

describe('names', () => {
  it('of columns are matched whatever their case and signs', () => {
    const inTable = ['id', 'unit_price', 'Name', 'other']
    expect(matchByName(['id', 'Unit price', 'name', 'extra'], inTable)).toEqual({
      'Unit price': 'unit_price',
      name: 'Name',
    })
    expect(matchByName(['a_b', 'a b'], ['AB'])).toEqual({ a_b: 'AB' })
  })

  it('of parameters are names', () => {
    expect(nameProblem('since', ['until'])).toBeUndefined()
    expect(nameProblem('1st', [])).toMatch(/^A parameter name/)
    expect(nameProblem('Since', ['since'])).toBe('There is another parameter since.')
  })
})

describe('a body typed as JSON', () => {
  it('is its value, or none', () => {
    expect(parseBody('{"a": {"b": ["{{since}}"]}}')).toEqual({ value: { a: { b: ['{{since}}'] } } })
    expect(parseBody('  ')).toEqual({ value: undefined })
  })

  it.each([
    ['{\n  "a": 1,\n  b: 2\n}', 14, /Line 3, column 3: Expected a key in double quotes/],
    ['{"a": 1', 7, /the body ends/],
    ['{"a": 1, "a": 2}', 9, /written twice/],
    ['[12345678901234567890]', 1, /more digits/],
  ])('says what is wrong with %j, and where', (text, position, message) => {
    expect(parseBody(text)).toMatchObject({ trouble: { position, message: expect.stringMatching(message) } })
  })
})

describe('parameters offered in a text', () => {
  const parameters = [{ name: 'since' }, { name: 'base_url' }]

  it('come once {{ is typed, and take what follows of the name', () => {
    expect(templateOffers('{{', 2, parameters).map(({ text }) => text)).toEqual(['{{since}}', '{{base_url}}'])
    expect(templateOffers('{{ba/x', 4, parameters)).toEqual([{ name: 'base_url', text: '{{base_url}}/x' }])
    expect(templateOffers('a={{si}}&b', 6, parameters)).toEqual([{ name: 'since', text: 'a={{since}}&b' }])
  })

  it('do not come elsewhere', () => {
    expect(templateOffers('{since', 6, parameters)).toEqual([])
    expect(templateOffers('{{since}}', 9, parameters)).toEqual([])
    expect(templateOffers('\\{{si', 5, parameters)).toEqual([])
  })
})
