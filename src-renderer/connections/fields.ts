import type { DialectId } from '../../shared/connections.ts'

/** One line of the form. Its path is where the value stands in the config. */
export interface FieldSpec {
  path: string
  label: string
  kind: 'text' | 'port' | 'number' | 'secret' | 'database-file' | 'pem' | 'key'
  placeholder?: string
  help?: string
  /** Shares its line with the field before it. */
  beside?: boolean
}

export interface DialectForm {
  title: string
  /** What the form shows first. */
  main: readonly FieldSpec[]
  /** Reached over a network: encryption, tunnel and pool make sense. */
  server: boolean
  defaultPort: number | null
  /** Options that the driver takes, for completion. */
  driverOptions: readonly string[]
  urlExample: string
}

const login = (defaultUser: string): FieldSpec[] => [
  { path: 'user', label: 'User', kind: 'text', placeholder: defaultUser },
  { path: 'password', label: 'Password', kind: 'secret', beside: true },
]

const place = (port: number): FieldSpec[] => [
  { path: 'host', label: 'Host', kind: 'text', placeholder: 'localhost' },
  { path: 'port', label: 'Port', kind: 'port', placeholder: String(port), beside: true },
]

/** What the form asks for, by database. */
export const dialectForms: Record<DialectId, DialectForm> = {
  sqlite: {
    title: 'SQLite',
    main: [{ path: 'file', label: 'Database file', kind: 'database-file' }],
    server: false,
    defaultPort: null,
    driverOptions: ['busy_timeout'],
    urlExample: 'sqlite:/data/shop.db',
  },
  postgres: {
    title: 'PostgreSQL',
    main: [
      ...place(5432),
      { path: 'database', label: 'Database', kind: 'text', placeholder: 'as the user' },
      ...login('postgres'),
    ],
    server: true,
    defaultPort: 5432,
    driverOptions: ['application_name', 'connectionTimeoutMillis', 'lock_timeout', 'options', 'statement_timeout'],
    urlExample: 'postgres://user@host/database',
  },
  mysql: {
    title: 'MySQL, MariaDB',
    main: [
      ...place(3306),
      { path: 'database', label: 'Database', kind: 'text', placeholder: 'none' },
      ...login('root'),
    ],
    server: true,
    defaultPort: 3306,
    driverOptions: ['charset', 'connectTimeout'],
    urlExample: 'mysql://user@host/database',
  },
}

export const tlsFields: readonly FieldSpec[] = [
  { path: 'tls.ca', label: 'Authority (CA)', kind: 'pem', help: 'The certificate that signed the one of the server.' },
  { path: 'tls.cert', label: 'Client certificate', kind: 'pem', help: 'Only where the server asks for one.' },
  { path: 'tls.key', label: 'Client key', kind: 'key', help: 'The private key of the client certificate.' },
]

export const tunnelPlace: readonly FieldSpec[] = [
  { path: 'tunnel.host', label: 'SSH host', kind: 'text', placeholder: 'jump.example.com' },
  { path: 'tunnel.port', label: 'SSH port', kind: 'port', placeholder: '22', beside: true },
  { path: 'tunnel.user', label: 'SSH user', kind: 'text' },
]

export const tunnelPassword: readonly FieldSpec[] = [{ path: 'tunnel.password', label: 'SSH password', kind: 'secret' }]
export const tunnelKey: readonly FieldSpec[] = [
  { path: 'tunnel.key', label: 'Private key', kind: 'key' },
  { path: 'tunnel.passphrase', label: 'Passphrase of the key', kind: 'secret' },
]

export const poolFields: readonly FieldSpec[] = [
  { path: 'pool.max', label: 'Connections at most', kind: 'number', placeholder: '8' },
  { path: 'pool.idleMs', label: 'Close when idle for (ms)', kind: 'number', placeholder: '10000', beside: true },
  { path: 'pool.acquireMs', label: 'Wait for a free one (ms)', kind: 'number', placeholder: '60000', beside: true },
]
