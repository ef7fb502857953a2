import { describe, expect, it } from 'vitest'
import { createRedactor } from '../../../src-main/services/redact.ts'

describe('the redactor', () => {
  it('hides a secret wherever it stands in a value, and leaves the rest', () => {
    const redactor = createRedactor()
    redactor.add('hunter2!')
    const at = new Date(0)
    expect(redactor.redact({ a: ['x hunter2! y', 5, null], b: { c: 'hunter2!' }, at })).toEqual({
      a: ['x •••• y', 5, null],
      b: { c: '••••' },
      at,
    })
  })

  it('knows it encoded as in a URL and escaped as in JSON', () => {
    const redactor = createRedactor()
    redactor.add('a/b "c"')
    expect(redactor.redact(`postgres://u:${encodeURIComponent('a/b "c"')}@h`)).toBe('postgres://u:••••@h')
    expect(redactor.redact(JSON.stringify({ password: 'a/b "c"' }))).toBe('{"password":"••••"}')
  })

  it('hides a longer secret whole when a shorter one is part of it', () => {
    const redactor = createRedactor()
    redactor.add('abcd')
    redactor.add('abcdefgh')
    expect(redactor.redact('abcdefgh abcd')).toBe('•••• ••••')
  })

  it('does not tear texts apart for a secret of a few letters', () => {
    const redactor = createRedactor()
    redactor.add('pg')
    redactor.add('')
    expect(redactor.redact('pg_dump')).toBe('pg_dump')
  })
})
