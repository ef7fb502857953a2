import { describe, expect, it } from 'vitest'
import { mysql } from '../../../src-main/dialects/mysql/index.ts'
import { postgres } from '../../../src-main/dialects/postgres/index.ts'

describe('the URL of a server', () => {
  it('gives every part, decoded', () => {
    expect(postgres.parseUrl(' PostgreSQL://ann%40work:p%3Aw@db.example:6543/sh%2Fop ')).toEqual({
      dialect: 'postgres',
      user: 'ann@work',
      password: 'p:w',
      host: 'db.example',
      port: 6543,
      database: 'sh/op',
    })
    expect(mysql.parseUrl('MariaDB://ann:@[::1]:3307/shop')).toEqual({
      dialect: 'mysql',
      user: 'ann',
      host: '::1',
      port: 3307,
      database: 'shop',
    })
  })

  it('leaves out what is not given', () => {
    expect(mysql.parseUrl('mysql://u:p@ss@db.x/shop')).toEqual({
      dialect: 'mysql',
      user: 'u',
      password: 'p@ss',
      host: 'db.x',
      database: 'shop',
    })
    expect(postgres.parseUrl('postgres://')).toEqual({ dialect: 'postgres' })
    expect(mysql.parseUrl('mysql://localhost')).toEqual({ dialect: 'mysql', host: 'localhost' })
  })

  it('takes the options of the servers own programs', () => {
    const pg = 'postgres:///shop?host=%2Frun&port=1&sslmode=verify-full&sslcert=c.pem&connect_timeout=3&lock_timeout=5s'
    expect(postgres.parseUrl(pg)).toEqual({
      dialect: 'postgres',
      database: 'shop',
      host: '/run',
      port: 1,
      tls: { mode: 'verify', cert: 'c.pem' },
      driver: { connectionTimeoutMillis: 3000, lock_timeout: '5s' },
    })
    expect(mysql.parseUrl('mysql:///?socket=/run/my.sock&ssl-mode=VERIFY-CA&connect_timeout=3')).toEqual({
      dialect: 'mysql',
      host: '/run/my.sock',
      tls: { mode: 'verify' },
      driver: { connectTimeout: 3000 },
    })
  })

  it('checks the server when an authority is named, and as the mode says when there is one', () => {
    expect(postgres.parseUrl('postgres://db?sslrootcert=ca.pem').tls).toEqual({ mode: 'verify', ca: 'ca.pem' })
    expect(mysql.parseUrl('mysql://db?ssl-key=k.pem').tls).toEqual({ mode: 'prefer', key: 'k.pem' })
    expect(mysql.parseUrl('mysql://db?sslmode=required&ssl-ca=ca.pem').tls).toEqual({ mode: 'require', ca: 'ca.pem' })
  })

  it.each([
    ['', true],
    ['=true', true],
    ['=1', true],
    ['=false', false],
  ])('takes readOnly%s', (value, readOnly) => {
    expect(postgres.parseUrl(`postgres://db?readOnly${value}`).readOnly).toBe(readOnly)
    expect(mysql.parseUrl(`mysql://db?readOnly${value}`).readOnly).toBe(readOnly)
  })

  it.each([
    ['mysql://db', 'it is not of the form postgres://user@host:port/database'],
    ['postgres://db:99999', '"99999" is no port'],
    ['postgres://db?port=x', '"x" is no port'],
    ['postgres://100%@db', 'a percent sign in it is not followed by two hexadecimal digits'],
    ['postgres://db?sslmode=some', 'sslmode "some" is unknown; it may be disable, allow, prefer'],
    ['postgres://ann:secret@db?constructor=1', 'the option "constructor" is unknown'],
  ])('says what is wrong with %s, and not the URL itself', (url, reason) => {
    const message = expect.stringContaining(`The Postgres URL cannot be read: ${reason}`)
    expect(() => postgres.parseUrl(url)).toThrow(expect.objectContaining({ code: 'CONNECTION_INVALID', message }))
    expect(() => postgres.parseUrl(url)).not.toThrow(/secret/)
  })
})
