import { expect, test } from 'vitest'
import { clip } from '../../shared/clip.ts'

test('short texts stay, long ones lose their middle and never half a character', () => {
  expect(clip('short', 10)).toBe('short')
  expect(clip('0123456789ab', 8)).toBe('012345 … (4 characters) … ab')
  const emoji = clip('😀'.repeat(100), 41)
  expect(emoji.isWellFormed()).toBe(true)
  expect(emoji.startsWith('😀')).toBe(true)
})
