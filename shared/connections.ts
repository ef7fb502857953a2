import { z } from 'zod'

export const dialectIds = ['sqlite', 'postgres', 'mysql'] as const
export type DialectId = (typeof dialectIds)[number]

/**
 * Stands where a connection's name may stand, for all connections at once: SQL over it names tables as `connection.schema.table`. No saved
 * connection can be called so.
 */
export const workspaceConnection = '@workspace'

/** Hues that mark a connection on the screen, in the order they are offered. */
export const connectionColors = ['gray', 'red', 'orange', 'yellow', 'green', 'teal', 'blue', 'violet', 'pink'] as const
export type ConnectionColor = (typeof connectionColors)[number]

export const environments = ['development', 'test', 'staging', 'production'] as const
export const tlsModes = ['off', 'prefer', 'require', 'verify'] as const

/** A way through an SSH server to a database that cannot be reached from here. */
export const tunnelConfig = z.strictObject({
  host: z.string(),
  port: z.int().min(1).max(65535).optional(),
  user: z.string().optional(),
  password: z.string().optional(),
  /** A private key: the path of its file, or its text. */
  key: z.string().optional(),
  passphrase: z.string().optional(),
  /** Log in with the keys of the SSH agent that SSH_AUTH_SOCK names. */
  agent: z.boolean().optional(),
  /** The only key to accept of the server, `SHA256:…`. Left out, the key met first is remembered in the workspace. */
  hostKey: z.string().optional(),
})
export type TunnelConfig = z.infer<typeof tunnelConfig>

/** How to reach one database. Everything but the secrets, which are kept by the vault and joined in just before opening. */
export const connectionConfig = z.strictObject({
  dialect: z.enum(dialectIds),
  /** SQLite: path of the database file; relative paths start at the folder of the file that names the connection. */
  file: z.string().optional(),
  host: z.string().optional(),
  port: z.int().min(1).max(65535).optional(),
  database: z.string().optional(),
  user: z.string().optional(),
  password: z.string().optional(),
  /** Opened so that the database itself refuses writes. */
  readOnly: z.boolean().optional(),
  tls: z
    .strictObject({
      mode: z.enum(tlsModes).default('prefer'),
      ca: z.string().optional(),
      cert: z.string().optional(),
      key: z.string().optional(),
    })
    .optional(),
  tunnel: tunnelConfig.optional(),
  pool: z
    .strictObject({
      max: z.int().min(1).max(100).optional(),
      idleMs: z.int().min(0).optional(),
      acquireMs: z.int().min(1).optional(),
    })
    .optional(),
  /** Passed to the driver as they are, e.g. `{ "application_name": "nightly" }`. */
  driver: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  color: z.string().optional(),
  environment: z.enum(environments).optional(),
})
export type ConnectionConfig = z.infer<typeof connectionConfig>

/** Fields that must never be stored, shown or logged in clear. */
export const secretFields = ['password', 'tls.key', 'tunnel.password', 'tunnel.key', 'tunnel.passphrase'] as const

/** What stands for a secret wherever people can see it; saved again, it keeps the secret. */
export const secretMask = '••••'
