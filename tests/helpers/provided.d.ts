import type { MariaDbProvision } from './mariadb.ts'
import type { PostgresProvision } from './postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    mariadb: MariaDbProvision
    postgres: PostgresProvision
  }
}
