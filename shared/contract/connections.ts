import { oc, type } from '@orpc/contract'
import { z } from 'zod'
import { type ConnectionConfig, connectionConfig, type DialectId } from '../connections.ts'
import type { Column } from '../data/types.ts'
import type { ErrorReport } from '../errors.ts'

/** Whether what is sealed can be opened now; `forgotten` was kept for an earlier session only. */
export type SecretState = 'kept' | 'locked' | 'forgotten'

/** A connection as people may see it: secrets are `••••`. */
export interface ConnectionInfo {
  name: string
  config: ConnectionConfig
  /** By where they belong, e.g. `password`, `tunnel.passphrase`. */
  secrets: Record<string, SecretState>
  createdAt: string
  updatedAt: string
}

/** A connection that a pipeline in some folder can use, wherever it is defined. */
export interface KnownConnection {
  name: string
  dialect: DialectId
  origin: 'environment' | 'folder' | 'workspace'
  /** The folder whose connections.json says what it is: the one that was asked about, or one above. Null for other origins. */
  definedIn: string | null
  color?: string
  environment?: ConnectionConfig['environment']
  readOnly: boolean
}

/** A connection that is defined outside the workspace, for reading only. */
export interface GivenConnection {
  name: string
  origin: 'environment' | 'file'
  /** The variable, or the path of the connections.json. */
  place: string
  /** Names are looked up from here; null for the environment. */
  folder: string | null
  /** With its secrets as `••••`; null when it cannot be read. */
  config: ConnectionConfig | null
  error?: ErrorReport
}

/** A pipeline that names a connection. */
export interface ConnectionUse {
  pipeline: string
  path: string
  nodes: string[]
}

export const diagnosisKinds = [
  'host-unknown',
  'unreachable',
  'refused',
  'no-room',
  'timeout',
  'not-this-database',
  'tls-required',
  'tls-untrusted',
  'tls-not-offered',
  'tls-files',
  'wrong-password',
  'password-missing',
  'unknown-user',
  'not-allowed',
  'database-missing',
  'file-missing',
  'file-denied',
  'not-a-database',
  'damaged',
  'locked',
  'tunnel-host',
  'tunnel-refused',
  'tunnel-timeout',
  'tunnel-auth',
  'tunnel-key',
  'tunnel-host-key',
  'tunnel-target',
  'vault',
  'config',
  'other',
] as const
export type DiagnosisKind = (typeof diagnosisKinds)[number]

/** What is wrong with a connection that failed, in words. */
export interface Diagnosis {
  kind: DiagnosisKind
  /** e.g. `The password is wrong`. */
  title: string
  /** What to do, the likeliest first. */
  steps: string[]
  /** Where in the config to look, e.g. `tls.mode`. */
  field?: string
  /** A change of the config that may mend it. */
  change?: { label: string; field: string; value: string }
}

export interface ConnectionTest {
  ok: boolean
  /** Milliseconds to connect and to answer. */
  ms: number
  /** Milliseconds of one question and its answer, once connected. */
  latencyMs?: number
  /** What the server says it is, e.g. `15.4`. */
  version?: string
  error?: ErrorReport
  diagnosis?: Diagnosis
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
  /** Sessions of the workbench, the history and saved queries follow; `left` are saved queries that could not be written. */
  rename: oc.input(z.object({ name: z.string().min(1), to: z.string().min(1) })).output(type<{ left: string[] }>()),
  /** The same under another name, with its secrets. */
  duplicate: oc.input(z.object({ name: z.string().min(1), to: z.string().min(1) })),
  /** Ends sessions of the workbench on it: what they run is stopped, their transactions are rolled back. */
  remove: oc.input(name),
  /** Those in the environment, and in the connections.json files that these folders see. */
  given: oc.input(z.object({ folders: z.array(z.string()).max(100) })).output(type<GivenConnection[]>()),
  /** Pipelines that name the workspace's connections: those opened lately, drafts, and those under the workspace. By connection. */
  uses: oc.output(type<Record<string, ConnectionUse[]>>()),
  /** Accepts whatever key the SSH server shows next. */
  forgetHostKey: oc.input(z.object({ host: z.string().min(1), port: z.int().optional() })),
  /** Makes an empty SQLite database. @throws FILE_CONFLICT when the file is there, FILE_WRITE */
  createFile: oc.input(z.object({ path: z.string().min(1) })),
  /** Writes a connections.json without secrets; all of them when no names are given. @throws FILE_WRITE */
  exportTo: oc.input(z.object({ path: z.string().min(1), names: z.array(z.string()).optional() })),
  /** Saves the connections of a connections.json whose names are not there yet. @throws FILE_*, CONNECTION_INVALID */
  importFrom: oc
    .input(z.object({ path: z.string().min(1) }))
    .output(type<{ added: string[]; kept: string[]; refused: { name: string; problem: string }[] }>()),
  /**
   * Tries a connection by name, or a config as it is being edited: its `••••` stand for the secrets of the saved connection `name`. What fails is
   * part of the answer. Aborting the call stops it.
   */
  test: oc
    .input(z.object({ name: z.string().min(1), config: connectionConfig.optional(), folder: z.string().optional() }))
    .output(type<ConnectionTest>()),
  /** What a pasted URL or path says; references to the environment stay references. `left`: options without a meaning here. */
  parseUrl: oc.input(z.object({ url: z.string().min(1) })).output(type<{ config: ConnectionConfig; left: string[] }>()),
  tables: oc.input(known).output(type<TableEntry[]>()),
  table: oc
    .input(known.extend({ schema: z.string().nullable(), table: z.string() }))
    .output(type<TableDetail | null>()),
  /** Columns of a query, described by the database and never run. */
  describe: oc.input(known.extend({ sql: z.string() })).output(type<Column[]>()),
}
