import { describe, expect, it } from 'vitest'
import { type KeyPress, matches, shortcutText } from '../../../src-renderer/commands/keys.ts'

const press = (key: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
})

describe('a shortcut', () => {
  it('counts with exactly the keys it names', () => {
    expect(matches('mod+S', press('s', { ctrlKey: true }), false)).toBe(true)
    expect(matches('mod+S', press('S', { ctrlKey: true, shiftKey: true }), false)).toBe(false)
    expect(matches('mod+S', press('s'), false)).toBe(false)
    expect(matches('mod+S', press('s', { ctrlKey: true, altKey: true }), false)).toBe(false)
  })

  it('takes Cmd for Ctrl on a Mac, and not the other', () => {
    expect(matches('mod+S', press('s', { metaKey: true }), true)).toBe(true)
    expect(matches('mod+S', press('s', { ctrlKey: true }), true)).toBe(false)
  })

  it('takes signs with and without Shift, as keyboards differ', () => {
    expect(matches('?', press('?', { shiftKey: true }), false)).toBe(true)
    expect(matches('?', press('?'), false)).toBe(true)
    expect(matches('+', press('+', { shiftKey: true }), false)).toBe(true)
  })

  it('knows the key when Alt makes another character of it', () => {
    expect(matches('alt+W', press('∑', { altKey: true, code: 'KeyW' }), true)).toBe(true)
    expect(matches('alt+1', press('¡', { altKey: true, code: 'Digit1' }), true)).toBe(true)
    expect(matches('W', press('∑', { code: 'KeyW' }), true)).toBe(false)
  })

  it('is written as people of the system read it', () => {
    expect(shortcutText('mod+shift+S', false)).toBe('Ctrl+Shift+S')
    expect(shortcutText('mod+shift+S', true)).toBe('⌘⇧S')
    expect(shortcutText('alt+PageDown', false)).toBe('Alt+PgDn')
    expect(shortcutText('+', false)).toBe('+')
    expect(shortcutText('mod++', false)).toBe('Ctrl++')
  })
})
