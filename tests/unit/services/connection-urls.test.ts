import { describe, expect, it } from 'vitest'
import type { ConnectionConfig } from '../../../shared/connections.ts'
import { parseConnectionUrl, readPasted } from '../../../src-main/services/connection-file.ts'

const mysql = (more: Partial<ConnectionConfig> = {}) => ({ dialect: 'mysql', host: 'db', database: 'shop', ...more })
const postgres = (more: Partial<ConnectionConfig> = {}) => ({
  dialect: 'postgres',
  host: 'db',
  database: 'lake',
  ...more,
})
const sqlite = (file: string, more: Partial<ConnectionConfig> = {}) => ({ dialect: 'sqlite', file, ...more })
const me = { user: 'me', password: 'pw' }

describe('a URL as other programs write it', () => {
  it.each<[string, object]>([
    ['jdbc:mysql://db:3306/shop?user=me&password=pw', mysql({ port: 3306, ...me })],
    ['jdbc:mariadb://db/shop?sslMode=verify-full', mysql({ tls: { mode: 'verify' } })],
    ['jdbc:mariadb://db/shop?sslMode=trust', mysql({ tls: { mode: 'require' } })],
    ['mysql+pymysql://me:pw@db/shop?charset=utf8mb4', mysql(me)],
    ['mysql://db/shop?useSSL=false', mysql({ tls: { mode: 'off' } })],
    ['mysql://db/shop?useSSL=true', mysql({ tls: { mode: 'require' } })],
    ['mysql://db/shop?useSSL=true&sslMode=VERIFY_IDENTITY', mysql({ tls: { mode: 'verify' } })],
    ['mysql://db/shop?sslMode=VERIFY_IDENTITY&useSSL=true', mysql({ tls: { mode: 'verify' } })],
    ['mysql://db/shop?connectTimeout=3000', mysql({ driver: { connectTimeout: 3000 } })],
    ['mysql://db/shop?useUnicode=true&characterEncoding=UTF-8&serverTimezone=UTC', mysql()],
    ['jdbc:postgresql://db/lake?user=me&password=pw', postgres(me)],
    ['jdbc:postgresql://db/lake?ssl=true', postgres({ tls: { mode: 'verify' } })],
    ['jdbc:postgresql://db/lake?ApplicationName=nightly', postgres({ driver: { application_name: 'nightly' } })],
    ['postgresql+psycopg2://me:pw@db/lake', postgres(me)],
    ['jdbc:sqlite:/x.db', sqlite('/x.db')],
    ['jdbc:sqlite::memory:', sqlite(':memory:')],
    ['sqlite:///abs/x.db', sqlite('/abs/x.db')],
    ['sqlite:////abs/x.db', sqlite('/abs/x.db')],
    ['sqlite://rel/x.db', sqlite('rel/x.db')],
    ['sqlite:///./x.db', sqlite('./x.db')],
    ['sqlite:///C:/data/x.db', sqlite('C:/data/x.db')],
    ['sqlite+aiosqlite:///rel/x.db', sqlite('rel/x.db')],
    ['sqlite+pysqlite:////abs/x.db', sqlite('/abs/x.db')],
    ['sqlite:/tmp/a#b.db?mode=ro', sqlite('/tmp/a#b.db', { readOnly: true })],
    ['file:///tmp/x%20y.db', sqlite('/tmp/x y.db')],
  ])('%s', async (url, config) => {
    expect(await parseConnectionUrl(url)).toEqual(config)
    expect(await readPasted(url)).toEqual({ config, left: [] })
  })
})

describe('options without a meaning here', () => {
  it.each<[string, string[]]>([
    ['mysql://db/shop?charset=latin1', ['charset']],
    ['mysql://db/shop?serverTimezone=Europe/Berlin&useSSL=false', ['serverTimezone']],
    ['mysql://db/shop?allowPublicKeyRetrieval=true', ['allowPublicKeyRetrieval']],
    ['postgres://db/lake?channel_binding=require&schema=a&schema=b', ['channel_binding', 'schema']],
    ['sqlite:x.db?cache=shared', ['cache']],
  ])('of %s are told when it is pasted, and refused elsewhere', async (url, left) => {
    expect((await readPasted(url)).left).toEqual(left)
    await expect(parseConnectionUrl(url)).rejects.toMatchObject({ code: 'CONNECTION_INVALID' })
  })
})

it.each([
  ['"mysql://db/shop"', mysql()],
  [" 'postgres://db/lake' ", postgres()],
  ['`sqlite:x.db`', sqlite('x.db')],
  ['/tmp/x y.db', sqlite('/tmp/x y.db')],
  ['"/tmp/100%25.db"', sqlite('/tmp/100%25.db')],
  ['../data/x.db', sqlite('../data/x.db')],
  ['C:\\data\\x.db', sqlite('C:\\data\\x.db')],
])('%s can be pasted', async (text, config) => {
  expect((await readPasted(text)).config).toEqual(config)
  await expect(parseConnectionUrl(text)).rejects.toMatchObject({ code: 'CONNECTION_INVALID' })
})

it.each([
  ['mysql://me:secret@db/shop?useSSL=perhaps', '"perhaps" neither turns encryption on nor off'],
  ['mysql://me:secret@db/shop?connect_timeout=abc', '"abc" is no time to connect'],
  ['postgres://me:secret@db/lake?connectTimeout=1.5', '"1.5" is no time to connect'],
  ['jdbc:oracle:thin:me/secret@db', 'names no database that Sluice knows'],
  ['file://rel/x.db', 'does not name a file'],
  ['sqlite:', 'does not name a file'],
])('%s is refused in words', async (url, words) => {
  const refused = expect.objectContaining({ code: 'CONNECTION_INVALID', message: expect.stringContaining(words) })
  await expect(readPasted(url)).rejects.toEqual(refused)
  await expect(parseConnectionUrl(url)).rejects.toEqual(refused)
})
