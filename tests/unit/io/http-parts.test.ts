import { describe, expect, test } from 'vitest'
import { linkNext } from '../../../src-main/engine/io/http/link.ts'
import { retryAfterMs, waitMs } from '../../../src-main/engine/io/http/retry.ts'

test('Retry-After in seconds or as a date', () => {
  const now = Date.parse('2024-01-01T00:00:00Z')
  expect(retryAfterMs('2', now)).toBe(2000)
  expect(retryAfterMs('Mon, 01 Jan 2024 00:01:00 GMT', now)).toBe(60_000)
  expect(retryAfterMs('Sun, 31 Dec 2023 00:00:00 GMT', now)).toBe(0)
  expect(retryAfterMs('soon', now)).toBeUndefined()
  expect(retryAfterMs(null, now)).toBeUndefined()
})

test('waits double, are spread and capped, and never undercut the server', () => {
  expect([1, 2, 3].map((attempt) => waitMs(attempt, undefined, 60_000, 1))).toEqual([500, 1000, 2000])
  expect(waitMs(1, undefined, 60_000, 0)).toBe(250)
  expect(waitMs(20, undefined, 60_000, 1)).toBe(60_000)
  expect(waitMs(1, 5000, 60_000, 0)).toBe(5000)
  expect(waitMs(1, 61_000, 60_000, 0)).toBeUndefined()
})

describe('Link', () => {
  test.each([
    ['<https://a/2>; rel="next"', 'https://a/2'],
    ['<a,b;c>; rel=next', 'a,b;c'],
    ['<1>; rel="prev first", <3>; rel="last NEXT"', '3'],
    ['<1>; title="rel=next"; rel="prev"', undefined],
    ['<1>', undefined],
    [null, undefined],
  ])('%s', (header, expected) => {
    expect(linkNext(header)).toBe(expected)
  })
})
