import { z } from 'zod'

export const dialectIds = ['sqlite', 'postgres', 'mysql'] as const
export type DialectId = (typeof dialectIds)[number]

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
      mode: z.enum(['off', 'prefer', 'require', 'verify']).default('prefer'),
      ca: z.string().optional(),
      cert: z.string().optional(),
      key: z.string().optional(),
    })
    .optional(),
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
  environment: z.enum(['development', 'test', 'staging', 'production']).optional(),
})
export type ConnectionConfig = z.infer<typeof connectionConfig>

/** Fields that must never be stored, shown or logged in clear. */
export const secretFields = ['password'] as const satisfies readonly (keyof ConnectionConfig)[]
