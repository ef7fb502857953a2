import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import type { ConnectionConfig } from '../../../shared/connections.ts'
import { createRedactor } from '../../../src-main/services/redact.ts'
import { testConnection } from '../../../src-main/services/test-connection.ts'
import { hostKeys } from '../../../src-main/services/tunnel-host-key.ts'
import { temporaryFolder } from './temporary.ts'

const nowhere = hostKeys({ get: async () => undefined, set: async () => undefined })

const attempt = (config: ConnectionConfig, folder: string) =>
  testConnection({ name: 'shop', config }, { folder, env: {}, hostKeys: nowhere, redactor: createRedactor() })

test('testing a SQLite connection opens files that are there and makes none', async () => {
  const folder = temporaryFolder()
  expect(await attempt({ dialect: 'sqlite', file: 'shpo.db' }, folder)).toMatchObject({
    ok: false,
    error: { code: 'CONNECTION_FILE', message: expect.stringContaining('shpo.db'), at: { connection: 'shop' } },
  })
  expect(existsSync(join(folder, 'shpo.db'))).toBe(false)
  new DatabaseSync(join(folder, 'shop.db')).close()
  expect(await attempt({ dialect: 'sqlite', file: 'shop.db' }, folder)).toMatchObject({ ok: true })
  expect(await attempt({ dialect: 'sqlite', file: ':memory:' }, folder)).toMatchObject({ ok: true })
})
