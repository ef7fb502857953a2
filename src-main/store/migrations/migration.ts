import type { QueryInterface, TableName, Transaction, DataTypes as Types } from 'sequelize'

export interface MigrationContext {
  query: QueryInterface
  types: typeof Types
  /** Where a table lives: in the workspace's own schema on Postgres. */
  table(name: string): TableName
  transaction: Transaction
}

export interface Migration {
  name: string
  /** Runs inside the one transaction of all pending migrations. Both databases roll DDL back. */
  up(context: MigrationContext): Promise<void>
}
