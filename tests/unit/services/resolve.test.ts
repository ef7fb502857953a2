// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is the syntax of connections.json, not of JavaScript
import { chownSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ConnectionConfig } from '../../../shared/connections.ts'
import {
  anchorFile,
  knownConnections,
  type ResolveOptions,
  resolveConnection,
} from '../../../src-main/services/resolve.ts'
import { failure, temporaryFolder } from './temporary.ts'

const sqlite = (file: string): ConnectionConfig => ({ dialect: 'sqlite', file })

/** A project folder with a pipeline folder inside, and what surrounds it. */
function project(files: Record<string, unknown> = {}) {
  const root = temporaryFolder()
  const folder = join(root, 'jobs', 'daily')
  mkdirSync(folder, { recursive: true })
  for (const [path, content] of Object.entries(files)) {
    writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content))
  }
  const saved: Record<string, ConnectionConfig> = {}
  const workspace = {
    names: async () => Object.keys(saved),
    open: async (name: string) => (Object.hasOwn(saved, name) ? saved[name] : undefined),
  }
  const options: ResolveOptions = { env: {}, folder, cwd: '/somewhere', workspace }
  const resolve = (name: string, more: Partial<ResolveOptions> = {}) => resolveConnection(name, { ...options, ...more })
  return { root, folder, saved, options, resolve }
}

describe('the order in which a connection is looked for', () => {
  const everywhere = () => {
    const here = project({
      'connections.json': { shop: 'sqlite:root.db' },
      'jobs/daily/connections.json': { shop: 'sqlite:near.db' },
    })
    here.saved.shop = sqlite('/saved.db')
    return here
  }

  it('is the option first', async () => {
    const { resolve } = everywhere()
    const overrides = { shop: 'sqlite:option.db' }
    const found = await resolve('shop', { overrides, env: { SLUICE_CONNECTION_SHOP: 'sqlite:env.db' } })
    expect(found).toMatchObject({ config: sqlite('option.db'), folder: '/somewhere', source: 'option' })
  })

  it('is the environment second', async () => {
    const { resolve } = everywhere()
    const found = await resolve('shop', {
      overrides: { other: 'sqlite:x' },
      env: { SLUICE_CONNECTION_SHOP: 'sqlite:env.db' },
    })
    expect(found).toMatchObject({ config: sqlite('env.db'), folder: '/somewhere', source: 'environment' })
    expect(found.origin).toBe('SLUICE_CONNECTION_SHOP')
  })

  it('is the nearest connections.json third', async () => {
    const { resolve, folder } = everywhere()
    expect(await resolve('shop')).toMatchObject({ config: sqlite('near.db'), folder, source: 'file' })
  })

  it('is the workspace last', async () => {
    const { resolve, saved } = project({ 'connections.json': { other: 'sqlite:x.db' } })
    saved.shop = sqlite('/saved.db')
    expect(await resolve('shop')).toMatchObject({ config: sqlite('/saved.db'), source: 'workspace' })
  })

  it('does not open the workspace for what is found before it', async () => {
    const { resolve } = project({ 'connections.json': { shop: 'sqlite:x.db' } })
    const workspace = {
      names: () => Promise.reject(new Error('opened')),
      open: () => Promise.reject(new Error('opened')),
    }
    expect((await resolve('shop', { workspace })).source).toBe('file')
  })

  it('passes over a nearer file that does not have the name', async () => {
    const { resolve, root } = project({
      'connections.json': { shop: 'sqlite:root.db' },
      'jobs/daily/connections.json': { other: 'sqlite:near.db' },
    })
    expect(await resolve('shop')).toMatchObject({ config: sqlite('root.db'), folder: root })
  })

  it('takes an empty variable as none', async () => {
    const { resolve } = everywhere()
    expect((await resolve('shop', { env: { SLUICE_CONNECTION_SHOP: '' } })).source).toBe('file')
  })
})

describe('a connections.json', () => {
  it('fills fields in from the environment, with their types', async () => {
    const { resolve } = project({
      'connections.json': {
        $schema: 'x',
        lake: {
          dialect: 'postgres',
          host: '${PGHOST:-localhost}',
          port: '${PGPORT}',
          user: 'etl',
          password: '${LAKE_PASSWORD}',
          readOnly: '${RO}',
          pool: { max: '${POOL}' },
          tls: { mode: 'verify', ca: '${CA}' },
        },
      },
    })
    const env = { PGPORT: '5544', LAKE_PASSWORD: '12345', RO: 'true', POOL: '7', CA: '/ca.pem' }
    const { config } = await resolve('lake', { env })
    expect(config).toEqual({
      dialect: 'postgres',
      host: 'localhost',
      port: 5544,
      user: 'etl',
      password: '12345',
      readOnly: true,
      pool: { max: 7 },
      tls: { mode: 'verify', ca: '/ca.pem' },
    })
  })

  it('takes a URL whose password comes from the environment as it is', async () => {
    const { resolve } = project({ 'connections.json': { lake: 'postgres://etl:${PW}@db.example:5433/lake' } })
    const { config } = await resolve('lake', { env: { PW: 'p@ss/w:rd?#%' } })
    expect(config).toMatchObject({ dialect: 'postgres', host: 'db.example', port: 5433, user: 'etl', database: 'lake' })
    expect(config.password).toBe('p@ss/w:rd?#%')
  })

  it('takes a URL with fields that refine it', async () => {
    const { resolve } = project({
      'connections.json': { shop: { url: '${SHOP_URL:-sqlite:shop.db}', readOnly: true } },
    })
    expect((await resolve('shop')).config).toEqual({ ...sqlite('shop.db'), readOnly: true })
  })

  it.each([
    ['a password', { dialect: 'postgres', password: 'canary-77' }, 'password'],
    ['part of a password', { dialect: 'postgres', password: 'canary-77${X}' }, 'password'],
    ['a default for a password', { dialect: 'postgres', password: '${X:-canary-77}' }, 'password'],
    ['a password in a URL', 'postgres://u:canary-77@h/d', 'password'],
    ['a password in a URL with fields', { url: 'postgres://u:canary-77@h/d', readOnly: true }, 'password'],
    ['a private key', { dialect: 'postgres', tls: { key: '-----BEGIN PRIVATE KEY----- canary-77' } }, 'tls.key'],
    ['a secret driver option', { dialect: 'postgres', driver: { sslpassword: 'canary-77' } }, 'driver.sslpassword'],
  ])('is refused when it holds %s', async (_what, shop, field) => {
    const { resolve, root } = project({ 'connections.json': { shop } })
    const error = await failure(resolve('shop', { env: { X: 'x' } }))
    expect(error.code).toBe('CONNECTION_INVALID')
    expect(error.message).toContain(join(root, 'connections.json'))
    expect(error.message).toContain(`(${field})`)
    expect(error.hint).toContain('${NAME}')
    expect(JSON.stringify(error)).not.toContain('canary')
  })

  it('says which variable is not set', async () => {
    const { resolve } = project({ 'connections.json': { lake: 'postgres://u:${LAKE_PW}@h/d' } })
    const error = await failure(resolve('lake'))
    expect(error.code).toBe('CONNECTION_INVALID')
    expect(error.message).toContain('LAKE_PW')
    expect(error.at.connection).toBe('lake')
  })

  it.each([
    ['is no JSON', '{ "shop": "canary-77', 'not valid JSON'],
    ['is no object', '["sqlite:a.db"]', 'the top'],
    ['has a number for a connection', '{ "shop": 5 }', 'shop'],
    ['has an unknown field', '{ "shop": { "dialect": "sqlite", "flie": "a.db" } }', 'flie'],
    ['has no dialect', '{ "shop": { "file": "a.db" } }', 'dialect'],
    ['has a port that is none', '{ "shop": { "dialect": "postgres", "port": "${P}" } }', 'port'],
  ])('that %s is an error of that file', async (_what, content, shown) => {
    const { resolve, root } = project({ 'connections.json': content })
    const error = await failure(resolve('shop', { env: { P: 'canary-77' } }))
    expect(error.code).toBe('CONNECTION_INVALID')
    expect(error.message).toContain(join(root, 'connections.json'))
    expect(error.message).toContain(shown)
    expect(JSON.stringify(error)).not.toContain('canary')
  })

  it('does not give what objects have by nature', async () => {
    const { resolve } = project({ 'connections.json': {} })
    for (const name of ['constructor', '__proto__', 'toString']) {
      expect((await failure(resolve(name, { overrides: {} }))).code).toBe('CONNECTION_UNKNOWN')
    }
  })
})

describe('a connections.json of another user', () => {
  it.runIf(process.getuid?.() === 0)('counts beside the pipeline, and is passed over above it', async () => {
    const { resolve, root, folder } = project({ 'connections.json': { shop: 'sqlite:planted.db' } })
    const above = join(root, 'connections.json')
    chownSync(above, 54_321, 54_321)
    const error = await failure(resolve('shop'))
    expect(error.code).toBe('CONNECTION_UNKNOWN')
    expect(error.message).toContain(above)
    expect((await resolve('shop', { folder: root })).config).toEqual(sqlite('planted.db'))
    chownSync(folder, 54_321, 54_321)
    expect((await resolve('shop')).config).toEqual(sqlite('planted.db'))
  })
})

describe('a URL that cannot be read', () => {
  it.each(['oracle://u:canary-77@h/d', 'canary-77', 'sqlite:?canary-77'])(
    'is refused and not shown: %s',
    async (url) => {
      const { resolve } = project()
      for (const more of [{ overrides: { shop: url } }, { env: { SLUICE_CONNECTION_SHOP: url } }]) {
        const error = await failure(resolve('shop', more))
        expect(error.code).toBe('CONNECTION_INVALID')
        expect(error.message).toContain('"shop"')
        expect(JSON.stringify(error)).not.toContain('canary')
      }
    },
  )
})

describe('a name that is not known', () => {
  it('is answered with the names that are, the nearest, and how to add it', async () => {
    const { resolve, saved } = project({ 'connections.json': { shop: 'sqlite:a.db', lake: 'sqlite:b.db' } })
    saved.archive = sqlite('/a.db')
    const error = await failure(
      resolve('shpo', { overrides: { extra: 'sqlite:x' }, env: { SLUICE_CONNECTION_FROM_ENV: 'sqlite:y' } }),
    )
    expect(error.code).toBe('CONNECTION_UNKNOWN')
    expect(error.message).toContain('archive, extra, from_env, lake, shop')
    expect(error.hint).toContain('Did you mean "shop"?')
    expect(error.hint).toContain('sluice connections add shpo')
    expect(error.hint).toContain('SLUICE_CONNECTION_SHPO')
    expect(error.at).toEqual({ connection: 'shpo' })
  })

  it('is not said to be like one that it is not like', async () => {
    const { resolve } = project({ 'connections.json': { lake: 'sqlite:b.db' } })
    expect((await failure(resolve('orders'))).hint).not.toContain('Did you mean')
  })

  it('does not list a name twice when the environment overrides it', async () => {
    const { options } = project({ 'connections.json': { 'My shop': 'sqlite:a.db' } })
    const { names } = await knownConnections({ ...options, env: { SLUICE_CONNECTION_MY_SHOP: 'sqlite:b.db' } })
    expect(names).toEqual(['My shop'])
  })
})

describe('a relative file of a saved connection', () => {
  it('is made absolute, other names of databases are not', () => {
    expect(anchorFile(sqlite('data/a.db'), '/jobs')).toEqual(sqlite('/jobs/data/a.db'))
    expect(anchorFile(sqlite('/a.db'), '/jobs')).toEqual(sqlite('/a.db'))
    expect(anchorFile(sqlite(':memory:'), '/jobs')).toEqual(sqlite(':memory:'))
    expect(anchorFile({ dialect: 'postgres', database: 'a' }, '/jobs')).toEqual({ dialect: 'postgres', database: 'a' })
  })
})

describe('the name that stands for all connections', () => {
  it('is that of none of them, wherever one is defined', async () => {
    const { saved, resolve, options } = project({
      'connections.json': { '@workspace': 'sqlite:a.db', shop: 'sqlite:b.db' },
    })
    saved['@workspace'] = sqlite('/saved.db')
    expect(await failure(resolve('@workspace'))).toMatchObject({ code: 'CONNECTION_INVALID' })
    expect((await knownConnections(options)).names).toEqual(['shop'])
  })
})
