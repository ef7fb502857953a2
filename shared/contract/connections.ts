import { oc, type } from '@orpc/contract'
import { z } from 'zod'
import { type ConnectionConfig, connectionConfig, type DialectId } from '../connections.ts'
import type { Column } from '../data/types.ts'
import type { ErrorReport } from '../errors.ts'

/** A connection as people may see it: secrets are `••••`. */
export interface ConnectionInfo {
  name: string
  config: ConnectionConfig
  createdAt: string
  updatedAt: string
}

/** A connection that a pipeline in some folder can use, wherever it is defined. */
export interface KnownConnection {
  name: string
  dialect: DialectId
  origin: 'environment' | 'folder' | 'workspace'
  color?: string
  environment?: ConnectionConfig['environment']
  readOnly: boolean
}

export interface ConnectionTest {
  ok: boolean
  ms: number
  version?: string
  error?: ErrorReport
}

export interface TableEntry {
  schema: string | null
  name: string
  kind: 'table' | 'view'
}

export interface TableDetail extends TableEntry {
  columns: (Column & { databaseType: string; primaryKey: boolean })[]
  keys: string[][]
}

const name = z.object({ name: z.string().min(1) })
const known = z.object({ connection: z.string().min(1), folder: z.string() })

export const connections = {
  list: oc.output(type<ConnectionInfo[]>()),
  known: oc.input(z.object({ folder: z.string() })).output(type<KnownConnection[]>()),
  /** Saves a new one, or another config under its name. A secret given as `••••` keeps its value. */
  save: oc.input(z.object({ name: z.string().min(1), config: connectionConfig, create: z.boolean() })),
  rename: oc.input(z.object({ name: z.string().min(1), to: z.string().min(1) })),
  remove: oc.input(name),
  /** Tries a saved connection, or a config that is not saved yet. */
  test: oc
    .input(z.object({ name: z.string().min(1), config: connectionConfig.optional(), folder: z.string().optional() }))
    .output(type<ConnectionTest>()),
  parseUrl: oc.input(z.object({ url: z.string().min(1) })).output(type<ConnectionConfig>()),
  tables: oc.input(known).output(type<TableEntry[]>()),
  table: oc
    .input(known.extend({ schema: z.string().nullable(), table: z.string() }))
    .output(type<TableDetail | null>()),
  /** Columns of a query, described by the database and never run. */
  describe: oc.input(known.extend({ sql: z.string() })).output(type<Column[]>()),
}
