import { describe, expect, test } from 'vitest'
import { type FieldKind, Records } from '../../../src-main/engine/io/file/records.ts'
import { fc } from '../../helpers/property.ts'

/** What comes out of a file that arrives in pieces of some bytes; undefined when it does not pass. */
function taken(text: string, fields: FieldKind[], size = 7, header = true): string | undefined {
  const records = new Records(fields, header)
  const bytes = Buffer.from(text)
  const out: Buffer[] = []
  try {
    for (let at = 0; at < bytes.length; at += size) out.push(Buffer.from(records.push(bytes.subarray(at, at + size))))
    out.push(records.end())
  } catch {
    return undefined
  }
  return Buffer.concat(out).toString()
}

const pair: FieldKind[] = ['integer', 'text']

describe('passes rows on as they are', () => {
  test.each([
    ['without the header', 'a,b\n1,x\n2,y\n', '1,x\n2,y\n'],
    ['with a last line that lacks its newline', 'a,b\n1,x', '1,x\n'],
    ['without blank lines at the end', 'a,b\n1,x\n\n\n', '1,x\n'],
    ['with NULL and the empty text told apart', 'a,b\n,\n1,""\n', ',\n1,""\n'],
    ['with separators, newlines and quotes in quotes', '"a\n",b\n"1","x,""y""\n\n\r\nz"\n', '"1","x,""y""\n\n\r\nz"\n'],
    ['with spaces around text', 'a,b\n1, x \n', '1, x \n'],
    ['with no rows at all', 'a,b\n', ''],
    ['with a header that lacks its newline', 'a,b', ''],
    ['with text beyond ASCII', 'a,b\n1,Zürich 東京\n', '1,Zürich 東京\n'],
  ])('%s', (_, text, rows) => {
    for (const size of [1, 2, 7, 1000]) expect(taken(text, pair, size)).toBe(rows)
  })

  test('the first line is a row where there is no header', () => {
    expect(taken('1,x\n2,y\n', pair, 3, false)).toBe('1,x\n2,y\n')
  })
})

describe('refuses what others may read otherwise', () => {
  test.each([
    ['a blank line between rows', 'a,b\n1,x\n\n2,y\n'],
    ['lines that end in \\r\\n', 'a,b\r\n1,x\r\n'],
    ['a lone \\r', 'a,b\n1,x\ry\n'],
    ['too few fields', 'a,b\n1\n'],
    ['too many fields', 'a,b\n1,x,\n'],
    ['a quote inside a field', 'a,b\n1,x"y\n'],
    ['text after a closing quote', 'a,b\n1,"x"y\n'],
    ['a space before a quote', 'a,b\n1, "x"\n'],
    ['a quote that is never closed', 'a,b\n1,"x\n'],
    ['a line that ends the rows of older servers', 'a,b\n\\.\n1,x\n'],
    ['a byte order mark', '\ufeffa,b\n1,x\n'],
  ])('%s', (_, text) => {
    for (const size of [1, 2, 7, 1000]) expect(taken(text, pair, size)).toBeUndefined()
  })
})

describe('fields that are what their column says', () => {
  const values: Record<Exclude<FieldKind, 'text'>, { yes: string[]; no: string[] }> = {
    integer: { yes: ['0', '-12', '007', '+5', '"9"'], no: ['1.5', '1e3', '0x1F', '1_000', ' 1', 'x', '1 000'] },
    float: { yes: ['0', '-1.50', '1e-5', '.5', '5.', '"1"'], no: ['nan', 'Infinity', '0x10', '1_0', ' 1', '1,5'] },
    boolean: { yes: ['true', 'F', 't', 'FALSE'], no: ['yes', 'on', '1', '0', 'tru', '""'] },
    date: {
      yes: ['2024-02-29', '"0001-01-01"'],
      no: ['today', '20240229', '01/02/2024', '24-01-01', '2024-1-1', '2024-01-01 BC', '""'],
    },
    timestamp: {
      yes: ['2024-02-29 10:00:00', '2024-02-29T10:00:00.123456', '2024-02-29 23:59:59.5'],
      no: [
        'now',
        'infinity',
        '2024-02-29',
        '2024-02-29 10:00',
        '2024-02-29 23:59:60',
        '2024-02-29 10:00:00.',
        '2024-02-29 10:00:00.1234567',
        '2024-02-29 10:00:00+02',
        '2024-02-29 10:00:00Z',
        '2024-02-29 10:00 PM',
      ],
    },
  }
  const kinds = ['integer', 'float', 'boolean', 'date', 'timestamp'] as const
  test.each(kinds)('%s', (kind) => {
    const { yes, no } = values[kind]
    for (const value of yes) expect(taken(`${value},x\n`, [kind, 'text'], 5, false), value).toBe(`${value},x\n`)
    for (const value of no) {
      const field = value.includes(',') ? `"${value}"` : value
      expect(taken(`${field},x\n`, [kind, 'text'], 5, false), value).toBeUndefined()
    }
  })
})

test('any rows of quoted text pass, however they are cut into pieces', () => {
  const field = fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => `"${text.replaceAll('"', '""')}"`)
  fc.assert(
    fc.property(fc.array(fc.tuple(field, field), { minLength: 1 }), fc.integer({ min: 1, max: 40 }), (rows, size) => {
      const text = rows.map((row) => `${row.join(',')}\n`).join('')
      expect(taken(text, ['text', 'text'], size, false)).toBe(text)
    }),
  )
})
