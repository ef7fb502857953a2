import { expect, it } from 'vitest'
import { sameValue } from '../../../src-main/services/queries/edits/values.ts'
import { float32Text } from '../../../src-main/services/results/cells.ts'

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
])('a number of 32 bits %s is shown as %s', (value, text) => {
  expect(float32Text(value)).toBe(text)
  expect(Math.fround(Number(text))).toBe(Math.fround(value))
})

it('numbers of 32 bits are the same however many digits they have', () => {
  expect(sameValue('0.1', '0.10000000149011612', { kind: 'float32' })).toBe(true)
  expect(sameValue('0.1', '0.10000000149011612', { kind: 'float64' })).toBe(false)
  expect(sameValue('0.1', '0.2', { kind: 'float32' })).toBe(false)
})
