import { describe, expect, it } from 'vitest'
import { AppError } from '../../../shared/errors.ts'
import { readJson } from '../../../shared/pipeline/json.ts'
import { locate } from '../../../shared/pipeline/locate.ts'
import { place } from '../../../shared/pipeline/place.ts'
import { fc } from '../../helpers/property.ts'

function failure(text: string, depth = 64): AppError {
  try {
    readJson(text, depth)
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('was accepted')
}

describe('readJson', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2, '\t'), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent)
        fc.pre(!text.includes('__proto__'))
        // A random value may hold numbers written with more digits than doubles keep; those are flaws, not errors.
        expect(readJson(text, 1000).value).toEqual(JSON.parse(text))
      }),
    )
  })

  it('accepts exactly what JSON.parse accepts', () => {
    const pieces = fc.array(
      fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"',
        '"a"',
        '\\',
        '\\u00e9',
        '1',
        '-',
        '.5',
        'e3',
        'true',
        'nul',
        'l',
        ' ',
        '\n',
        'é',
      ),
      { maxLength: 12 },
    )
    fc.assert(
      fc.property(pieces, (parts) => {
        const text = parts.join('')
        let valid = true
        try {
          JSON.parse(text)
        } catch {
          valid = false
        }
        if (valid) expect(readJson(text, 64).value).toEqual(JSON.parse(text))
        else expect(failure(text).code).toBe('DOC_SYNTAX')
      }),
      { numRuns: 2000 },
    )
  })

  it('skips a byte order mark', () => {
    expect(readJson('\uFEFF{"a": 1}', 4).value).toEqual({ a: 1 })
  })

  it.each([
    ['{\n  "a": 1,\n}', 2, 9, 'A comma before "}"'],
    ['{\n  "a" 1\n}', 2, 7, 'Expected ":" after the key'],
    ["{\n  'a': 1\n}", 2, 3, 'a key in double quotes'],
    ['{\n  "a": [1, 2\n', 3, 1, 'but the file ends'],
    ['{"a": "one\ntwo"}', 1, 11, 'line break'],
    ['{"a": "C:\\data"}', 1, 10, 'unknown escape'],
    ['{"a": 01}', 1, 7, 'Expected a number'],
    ['{"a": tru}', 1, 7, '"tru" stands there'],
    ['{} {}', 1, 4, 'the end of the file'],
    ['', 1, 1, 'empty'],
  ])('places the error in %j', (text, line, column, message) => {
    const error = failure(text)
    expect(error).toMatchObject({ code: 'DOC_SYNTAX', at: { line, column } })
    expect(error.message).toContain(message)
    expect(error.message).toContain(`Line ${line}, column ${column}`)
    expect(error.hint).toBeTruthy()
  })

  it('refuses deep nesting before the stack is at risk', () => {
    const deep = '['.repeat(1_000_000)
    expect(failure(deep)).toMatchObject({ code: 'DOC_LIMIT', at: { line: 1, column: 65 } })
    expect(readJson(`${'['.repeat(64)}${']'.repeat(64)}`, 64).flaws).toEqual([])
    expect(failure(`${'['.repeat(65)}${']'.repeat(65)}`).code).toBe('DOC_LIMIT')
  })

  it('notices keys written twice, at the second place', () => {
    const text = '{\n "nodes": {\n  "a": 1,\n  "b": 2,\n  "a": 3\n }\n}'
    const { flaws } = readJson(text, 8)
    expect(flaws).toMatchObject([
      { path: ['nodes', 'a'], message: 'The key "a" is written twice.', offset: text.lastIndexOf('"a"') },
    ])
  })

  it('refuses __proto__, however it is spelt, and leaves prototypes alone', () => {
    const { value, flaws } = readJson('{"__proto__": {"polluted": 1}, "x": {"\\u005f_proto__": 2}}', 8)
    expect(flaws.map(({ path }) => path)).toEqual([['__proto__'], ['x', '__proto__']])
    expect(Reflect.get(Object(value), 'polluted')).toBeUndefined()
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
  })

  it.each(['9007199254740993', '0.12345678901234567890', '-12345678901234567890.5', '1e400'])(
    'notices that %s would lose digits',
    (number) => {
      expect(readJson(`[${number}]`, 4).flaws).toMatchObject([
        { path: [0], hint: expect.stringContaining('double quotes') },
      ])
    },
  )

  it.each(['9007199254740992', '0.1', '1.0000000000000000', '100000000000000000000', '-0', '1e21', '0.000001'])(
    'takes %s, which loses nothing',
    (number) => {
      expect(readJson(`[${number}]`, 4).flaws).toEqual([])
    },
  )
})

describe('locate', () => {
  const text = '{\n  "a": { "x\\"y": [10, "]", {"k": true}] },\n  "b": -1.5e3\n}'
  it.each([
    [[], 0],
    [['a', 'x"y', 0], text.indexOf('10')],
    [['a', 'x"y', 1], text.indexOf('"]"')],
    [['a', 'x"y', 2, 'k'], text.indexOf('true')],
    [['b'], text.indexOf('-1.5')],
    [['b', 'deeper'], text.indexOf('-1.5')],
    [['a', 'missing'], text.indexOf('{ "x')],
  ])('finds %j', (path, offset) => {
    expect(locate(text, [path])).toEqual([offset])
  })

  it('finds every value of any document', () => {
    const paths = (value: unknown): (string | number)[][] =>
      typeof value === 'object' && value !== null
        ? Object.entries(value).flatMap(([key, item]) => {
            const part = Array.isArray(value) ? Number(key) : key
            return [[part], ...paths(item).map((rest) => [part, ...rest])]
          })
        : []
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const source = JSON.stringify(value, undefined, 1)
        const parsed: unknown = JSON.parse(source)
        const all = paths(parsed)
        const offsets = locate(source, all)
        for (const [index, path] of all.entries()) {
          const expected = path.reduce<unknown>((current, part) => Reflect.get(Object(current), part), parsed)
          const start = JSON.stringify(expected).slice(0, 1)
          expect(source[offsets[index] ?? -1]).toBe(start)
        }
      }),
    )
  })

  it('counts lines and columns from 1', () => {
    expect(place('a\nbc', 0)).toEqual({ line: 1, column: 1 })
    expect(place('a\nbc', 3)).toEqual({ line: 2, column: 2 })
  })
})
