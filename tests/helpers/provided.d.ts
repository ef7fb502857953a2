import type { PostgresProvision } from './postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    postgres: PostgresProvision
  }
}
