import { expect, it } from 'vitest'
import { cellText } from '../../../shared/data/wire.ts'

it.each([
  [0.1, '0.1'],
  [Math.fround(0.1), '0.1'],
  [Math.fround(1 / 3), '0.33333334'],
  [-1.5, '-1.5'],
  [-0, '-0'],
  [16_777_216, '16777216'],
  [1_234_567, '1234567'],
  [Math.fround(3.4028235e38), '3.4028235e+38'],
  [Math.fround(1e-45), '1e-45'],
  [Number.NaN, 'NaN'],
  [Number.NEGATIVE_INFINITY, '-Infinity'],
])('a number of 32 bits %s is written %s', (value, text) => {
  expect(cellText(value, { kind: 'float32' })).toBe(text)
  expect(Math.fround(Number(text))).toBe(Math.fround(value))
})
