import { describe, expect, it } from 'vitest'
import { type ConnectionConfig, dialectIds } from '../../../shared/connections.ts'
import {
  configOf,
  type Draft,
  draftOf,
  emptyDraft,
  looksLikeUrl,
  withConfig,
  withReadUrl,
  withText,
} from '../../../src-renderer/connections/draft.ts'
import { dialectForms } from '../../../src-renderer/connections/fields.ts'
import { problemsOf } from '../../../src-renderer/connections/problems.ts'

const whole: ConnectionConfig = {
  dialect: 'postgres',
  host: 'db.example.com',
  port: 6432,
  database: 'lake',
  user: 'etl',
  password: '••••',
  readOnly: true,
  tls: { mode: 'verify', ca: '/ca.pem', cert: '/c.pem', key: '••••' },
  tunnel: { host: 'jump', port: 2222, user: 'me', key: '/k', passphrase: '••••', hostKey: 'SHA256:x' },
  pool: { max: 3, idleMs: 0, acquireMs: 5 },
  driver: { application_name: 'nightly', statement_timeout: 500, keepAlive: true },
  color: 'red',
  environment: 'production',
}

describe('a draft', () => {
  it('gives back the config it was made of', () => {
    expect(configOf(draftOf('lake', whole))).toEqual(whole)
    for (const tunnel of [
      { host: 'j', agent: true },
      { host: 'j', password: '••••' },
    ])
      expect(configOf(draftOf('lake', { ...whole, tunnel }))).toEqual({ ...whole, tunnel })
    const file: ConnectionConfig = { dialect: 'sqlite', file: '/shop.db', driver: { busy_timeout: 5 } }
    expect(configOf(draftOf('shop', file))).toEqual(file)
  })

  it('holds only what the database has a use for', () => {
    const file = { ...draftOf('shop', whole), dialect: 'sqlite' } satisfies Draft
    expect(configOf(withText(file, 'file', ' /shop.db '))).toEqual({
      dialect: 'sqlite',
      file: '/shop.db',
      readOnly: true,
      driver: whole.driver,
      color: 'red',
      environment: 'production',
    })
  })

  it('keeps spaces of passwords, and nothing of empty fields', () => {
    const draft = withText(withText(emptyDraft('postgres'), 'password', ' a b '), 'host', '  ')
    expect(configOf(draft)).toEqual({ dialect: 'postgres', password: ' a b ' })
  })

  it('takes over what a URL says, and keeps its name and marks', () => {
    const draft = draftOf('lake', whole)
    const after = withConfig(draft, { dialect: 'mysql', host: 'other', user: 'me' })
    expect(after.name).toBe('lake')
    expect(configOf(after)).toMatchObject({ dialect: 'mysql', host: 'other', user: 'me', color: 'red', readOnly: true })
    expect(configOf(after)).not.toHaveProperty('password')
    expect(configOf(after)).not.toHaveProperty('database')
  })

  it('keeps what was typed while a URL was read', () => {
    const before = emptyDraft('postgres')
    const typed = { ...withText({ ...before, name: 'lake' }, 'password', 'pw'), tunnel: 'key' as const }
    const withHost = withText(typed, 'host', 'typed.example.com')
    const after = withReadUrl(withHost, { dialect: 'postgres', host: 'pasted.example.com', user: 'etl' }, before)
    expect(after).toMatchObject({ name: 'lake', tunnel: 'key' })
    expect(after.texts).toEqual({ dialect: 'postgres', host: 'typed.example.com', user: 'etl', password: 'pw' })
    const again = withReadUrl(typed, { dialect: 'postgres', host: 'pasted.example.com' }, typed)
    expect(again.texts).toEqual({ dialect: 'postgres', host: 'pasted.example.com' })
  })
})

it('there is a form for every database', () => {
  for (const id of dialectIds) expect(dialectForms[id].main.length).toBeGreaterThan(0)
})

it.each([
  ['sqlite:/a.db', true],
  ['postgres://a@b/c', true],
  [' mariadb://a@b/c ', true],
  ['jdbc:postgresql://db/lake', true],
  ['mysql+pymysql://db/shop', true],
  ['"mysql://db/shop"', true],
  ['https://example.com', false],
  ['db.example.com', false],
])('%s looks like the URL of a database: %s', (text, expected) => {
  expect(looksLikeUrl(text)).toBe(expected)
})

describe('problems', () => {
  const good = draftOf('lake', whole)
  const problem = (path: string, text: string) => problemsOf(withText(good, path, text), [])[path]

  it('there are none in what is right', () => {
    expect(problemsOf(good, ['other'])).toEqual({})
    expect(problemsOf({ ...emptyDraft('postgres'), name: 'x' }, [])).toEqual({})
  })

  it.each([
    ['', /Give the connection a name/],
    ['a=b', /equals sign/],
    ['x'.repeat(101), /100 characters/],
    ['other', /already/],
  ])('of the name %s', (name, expected) => {
    expect(problemsOf({ ...good, name }, ['other']).name).toMatch(expected)
  })

  it.each([
    ['host', 'a b', /no spaces/],
    ['host', 'db:5432', /field of its own/],
    ['host', 'postgres://a/b', /URL/],
    ['host', 'a/b', /no slash/],
    ['host', '/var/run/postgresql', /Through a tunnel/],
    ['port', '0', /1 to 65535/],
    ['port', '54.3', /1 to 65535/],
    ['pool.max', '101', /from 1 to 100/],
    ['tunnel.host', '', /Give the host of the SSH server/],
    ['tunnel.key', '', /private key/],
    ['tls.key', '', /needs its key/],
    ['tls.cert', '', /needs its certificate/],
    ['database', `\${lake`, /\$\{NAME\}/],
    ['user', `a\${1}`, /\$\{NAME\}/],
  ])('of %s: %s', (path, text, expected) => {
    expect(problem(path, text)).toMatch(expected)
  })

  it('references and IPv6 addresses are fine', () => {
    for (const host of [`\${HOST}`, `\${HOST:-db.example.com}`, '::1', '2001:db8::1'])
      expect(problem('host', host)).toBeUndefined()
    expect(problem('password', `a\${b`)).toBeUndefined()
  })

  it('options are named once', () => {
    const options = [
      { id: '1', name: 'a', value: '1' },
      { id: '2', name: 'a', value: '2' },
      { id: '3', name: '', value: '3' },
    ]
    expect(problemsOf({ ...good, options }, [])).toMatchObject({
      'driver.2': 'This option is there twice.',
      'driver.3': 'Name the option.',
    })
  })

  it('a file is wanted where there is one', () => {
    expect(problemsOf({ ...emptyDraft('sqlite'), name: 'x' }, [])).toHaveProperty('file')
  })
})
