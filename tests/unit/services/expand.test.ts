// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is the syntax of connections.json, not of JavaScript
import { describe, expect, it } from 'vitest'
import { expandText, expandUrl, literalPart, secretOfUrl } from '../../../src-main/services/expand.ts'

const missing = (name: string): never => {
  throw new Error(`missing ${name}`)
}
const text = (template: string, env: Record<string, string> = {}) => expandText(template, env, missing)

describe('references to the environment', () => {
  it('are filled in, any number of them', () => {
    expect(text('${A}-${B}-${A}', { A: '1', B: '2' })).toBe('1-2-1')
  })

  it('take their default when the variable is unset or empty', () => {
    expect(text('${A:-x}')).toBe('x')
    expect(text('${A:-x}', { A: '' })).toBe('x')
    expect(text('${A:-}')).toBe('')
    expect(text('${A:-x}', { A: 'y' })).toBe('y')
  })

  it('may be empty when they say nothing of a default', () => {
    expect(text('[${A}]', { A: '' })).toBe('[]')
  })

  it('name the variable that is missing', () => {
    expect(() => text('${NOT_THERE}')).toThrow('missing NOT_THERE')
  })

  it('are not looked for in what was filled in', () => {
    expect(text('${A}', { A: '${B}', B: 'no' })).toBe('${B}')
    expect(text('${A}', { A: '$& $1' })).toBe('$& $1')
  })

  it('leave other dollars and braces alone', () => {
    expect(text('$A {A} ${1} ${} $${')).toBe('$A {A} ${1} ${} $${')
  })
})

describe('references in a URL', () => {
  const url = (template: string, env: Record<string, string>) => expandUrl(template, env, missing)

  it('are encoded among user and password only', () => {
    const env = { U: 'a b', P: 'p@ss/w:rd?#', H: 'db.example:5433', Q: 'a=b&c=d' }
    expect(url('postgres://${U}:${P}@${H}/shop?${Q}', env)).toBe(
      'postgres://a%20b:p%40ss%2Fw%3Ard%3F%23@db.example:5433/shop?a=b&c=d',
    )
  })

  it('may be the whole URL', () => {
    expect(url('${DB}', { DB: 'postgres://u:p%40@h/d' })).toBe('postgres://u:p%40@h/d')
  })

  it('may be a path', () => {
    expect(url('sqlite:${DIR}/a@b.db', { DIR: '/data dir' })).toBe('sqlite:/data dir/a@b.db')
  })
})

describe('what a text holds in clear', () => {
  it('is what stays without references, defaults included', () => {
    expect(literalPart('${A}${B}')).toBe('')
    expect(literalPart('${A:-hunter2}')).toBe('hunter2')
    expect(literalPart('x${A}y')).toBe('xy')
  })

  it.each([
    ['postgres://u:hunter2@h/d', 'hunter2'],
    ['postgres://u:${P:-hunter2}@h/d', 'hunter2'],
    ['postgres://${U:-a:b}:${P}@h/d', ''],
    ['postgres://:hunter2@h/d', 'hunter2'],
    ['postgres://u:a${P}@h/d', 'a'],
    ['postgres://u:a@b@h/d', 'a@b'],
    ['postgres://h/d?user=u&password=hunter2', 'hunter2'],
    ['postgres://h/d?sslpassword=hunter2', 'hunter2'],
    ['postgres://h/d?password=${P}', ''],
    ['postgres://u:${P}@h:5432/d', ''],
    ['postgres://u@h:5432/d', ''],
    ['postgres://h:5432/d?application_name=a@b', ''],
    ['sqlite:data/a:b@c.db', ''],
    ['${DATABASE_URL}', ''],
  ])('is found in %s', (url, secret) => {
    expect(secretOfUrl(url)).toBe(secret)
  })
})
