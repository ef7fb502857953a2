import type { Transaction } from 'sequelize'
import type { ConnectionRecord, JsonValue, SecretRecord } from './records.ts'
import type { Table } from './table.ts'

/** Everything that is sealed, under another seal. */
export interface Resealed {
  connections: { name: string; secrets: string | null }[]
  /** Null for one that goes. */
  secrets: { name: string; sealed: string | null }[]
  /** What tells how it is sealed. */
  setting: { key: string; value: JsonValue }
}

export interface SealedRepository {
  /** All of it or nothing. */
  replace(change: Resealed): Promise<void>
}

interface Tables {
  connections: Table<ConnectionRecord>
  secrets: Table<SecretRecord>
  settings: Table<{ key: string; value: JsonValue }>
}

export function sealedRepository(
  { connections, secrets, settings }: Tables,
  transaction: (work: (within: Transaction) => Promise<void>) => Promise<void>,
): SealedRepository {
  return {
    replace: ({ connections: sealed, secrets: others, setting }) =>
      transaction(async (within) => {
        for (const { name, secrets: text } of sealed) await connections.update({ secrets: text }, { name }, within)
        for (const { name, sealed: text } of others) {
          if (text === null) await secrets.remove({ name }, within)
          else await secrets.update({ sealed: text }, { name }, within)
        }
        await settings.put([{ key: setting.key, value: JSON.stringify(setting.value) }], ['value'], within)
      }),
  }
}
