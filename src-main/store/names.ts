import type { ConnectionConfig } from '../../shared/connections.ts'
import type { ConnectionRecord, JsonValue, SecretRecord } from './records.ts'
import type { Table } from './table.ts'

/** Saved connections. The store neither seals nor opens secrets: it is handed sealed text. */
export interface ConnectionRepository {
  /** By name. */
  list(): Promise<ConnectionRecord[]>
  get(name: string): Promise<ConnectionRecord | undefined>
  /** False when the name is taken. */
  add(name: string, config: ConnectionConfig, secrets: string | null): Promise<boolean>
  /** False when there is no such connection. */
  update(name: string, config: ConnectionConfig, secrets: string | null): Promise<boolean>
  /** False when the new name is taken or the old one is gone. */
  rename(name: string, to: string, secrets: string | null): Promise<boolean>
  /** False when there is no such connection. */
  remove(name: string): Promise<boolean>
}

export function connectionRepository(table: Table<ConnectionRecord>): ConnectionRepository {
  return {
    list: () => table.find({ order: [['name', 'ASC']] }),
    get: (name) => table.first({ where: { name } }),
    async add(name, config, secrets) {
      const at = new Date().toISOString()
      const row = { name, config: JSON.stringify(config), secrets, createdAt: at, updatedAt: at }
      return unlessTaken(async () => {
        await table.insert([row])
        return true
      })
    },
    async update(name, config, secrets) {
      const values = { config: JSON.stringify(config), secrets, updatedAt: new Date().toISOString() }
      return (await table.update(values, { name })) > 0
    },
    rename: (name, to, secrets) =>
      unlessTaken(async () => {
        const values = { name: to, secrets, updatedAt: new Date().toISOString() }
        return (await table.update(values, { name })) > 0
      }),
    remove: async (name) => (await table.remove({ name })) > 0,
  }
}

/** False when the database says that the key is there already. */
async function unlessTaken(work: () => Promise<boolean>): Promise<boolean> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Error && error.name === 'SequelizeUniqueConstraintError') return false
    throw error
  }
}

/** Secrets of their own, e.g. tokens for HTTP nodes; sealed. */
export interface SecretRepository {
  list(): Promise<SecretRecord[]>
  get(name: string): Promise<SecretRecord | undefined>
  put(name: string, sealed: string): Promise<void>
  remove(name: string): Promise<boolean>
}

export function secretRepository(table: Table<SecretRecord>): SecretRepository {
  return {
    list: () => table.find({ order: [['name', 'ASC']] }),
    get: (name) => table.first({ where: { name } }),
    put: (name, sealed) => table.put([{ name, sealed, updatedAt: new Date().toISOString() }], ['sealed', 'updatedAt']),
    remove: async (name) => (await table.remove({ name })) > 0,
  }
}

/** Settings of the program: JSON by key. */
export interface SettingRepository {
  get(key: string): Promise<JsonValue | undefined>
  all(): Promise<Record<string, JsonValue>>
  set(key: string, value: JsonValue): Promise<void>
  remove(key: string): Promise<boolean>
}

export function settingRepository(table: Table<{ key: string; value: JsonValue }>): SettingRepository {
  return {
    get: async (key) => (await table.first({ where: { key } }))?.value,
    all: async () => Object.fromEntries((await table.find()).map(({ key, value }) => [key, value])),
    set: (key, value) => table.put([{ key, value: JSON.stringify(value) }], ['value']),
    remove: async (key) => (await table.remove({ key })) > 0,
  }
}
