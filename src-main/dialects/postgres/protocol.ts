import type { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { AppError } from '../../../shared/errors.ts'
import { ConnectionEnded } from '../server/errors.ts'

/**
 * The part of the `pg` client that carries raw protocol messages. Its high-level queries parse every row; bulk lanes
 * speak to the connection below it, through the same entry (`client.query` with a submittable) that cursors use.
 */
export interface PgConnection extends EventEmitter {
  stream: Socket
  parse(message: { text: string; name?: string; types?: number[] }): void
  bind(message: { portal?: string; statement?: string; values?: (string | null)[] }): void
  describe(message: { type: 'S' | 'P'; name?: string }): void
  execute(message: { portal?: string; rows?: number }): void
  close(message: { type: 'S' | 'P'; name?: string }): void
  query(text: string): void
  flush(): void
  sync(): void
  endCopyFrom(): void
  sendCopyFail(message: string): void
}

export interface PgClient extends EventEmitter {
  connection: PgConnection
  processID: number | null
  secretKey: number | Buffer | null
  host: string
  port: number
  query(submittable: object): unknown
  getTransactionStatus(): string | null
}

export function isPgClient(value: object): value is PgClient {
  return 'connection' in value && 'processID' in value && 'getTransactionStatus' in value
}

export interface Field {
  name: string
  dataTypeID: number
  dataTypeModifier: number
}

/** What an exchange may hear before the server is ready again. */
export interface Answers {
  parameters?(oids: number[]): void
  fields?(fields: Field[]): void
  noData?(): void
  row?(fields: (string | null)[]): void
  suspended?(): void
  complete?(tag: string): void
  copyIn?(connection: PgConnection): void
}

/**
 * Sends messages and hands on the answers until the server is ready for the next exchange, or the connection is gone.
 * Rejects with the driver's own error (see errors.ts), and only once the connection can be used again or is lost.
 */
export function exchange(
  client: PgClient,
  send: (connection: PgConnection) => void,
  answers: Answers = {},
): Promise<void> {
  const { connection } = client
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let failure: unknown
  const failed = (error: unknown) => {
    failure ??= error
  }
  /** An answer that cannot be handled must not escape into the driver's parser. */
  const guard =
    <A extends unknown[]>(handler: ((...args: A) => void) | undefined) =>
    (...args: A) => {
      try {
        handler?.(...args)
      } catch (error) {
        failed(error)
      }
    }
  const onParameters = guard((message: { dataTypeIDs: number[] }) => answers.parameters?.(message.dataTypeIDs))
  const onNoData = guard(() => answers.noData?.())
  const settle = () => {
    connection.off('readyForQuery', settle)
    connection.off('end', onEnd)
    connection.off('parameterDescription', onParameters)
    connection.off('noData', onNoData)
    if (failure === undefined) resolve()
    else reject(failure)
  }
  const onEnd = () => {
    failed(new ConnectionEnded('The connection was closed.'))
    settle()
  }
  client.query({
    submit() {
      connection.on('readyForQuery', settle)
      connection.on('end', onEnd)
      connection.on('parameterDescription', onParameters)
      connection.on('noData', onNoData)
      connection.stream.cork()
      try {
        send(connection)
      } finally {
        connection.stream.uncork()
      }
      return null
    },
    handleError(error: Error) {
      failed(error)
      // Only the server's own errors are followed by ReadyForQuery.
      if (!('severity' in error)) settle()
    },
    handleRowDescription: guard((message: { fields: Field[] }) => answers.fields?.(message.fields)),
    handleDataRow: guard((message: { fields: (string | null)[] }) => answers.row?.(message.fields)),
    handlePortalSuspended: guard(() => answers.suspended?.()),
    handleCommandComplete: guard((message: { text: string }) => answers.complete?.(message.text)),
    handleEmptyQuery: guard(() => answers.complete?.('')),
    handleCopyInResponse() {
      if (answers.copyIn) answers.copyIn(connection)
      else {
        failed(copyFromHere())
        connection.sendCopyFail('COPY FROM STDIN cannot be run as a statement')
        connection.sync()
      }
    },
    handleCopyData() {
      failed(copyToHere())
    },
    handleReadyForQuery() {},
  })
  return promise
}

const copyFromHere = () =>
  new AppError('QUERY_DENIED', 'COPY FROM STDIN cannot be run as a statement: there are no rows to go with it.', {
    hint: 'Read the file with a file node, and load its rows.',
  })

const copyToHere = () =>
  new AppError('QUERY_DENIED', 'COPY TO STDOUT cannot be run as a statement: its rows would be lost.', {
    hint: 'Run the query itself; its rows can be exported.',
  })

/** Runs SQL of our own making, which may hold several statements, and returns the text of all rows. */
export async function simple(client: PgClient, sql: string): Promise<(string | null)[][]> {
  const rows: (string | null)[][] = []
  await exchange(client, (connection) => connection.query(sql), { row: (fields) => rows.push(fields) })
  return rows
}

/** Runs one statement of our own with values bound as text, and returns the text of its rows. */
export async function bound(client: PgClient, sql: string, values: (string | null)[]): Promise<(string | null)[][]> {
  const rows: (string | null)[][] = []
  await exchange(
    client,
    (connection) => {
      connection.parse({ text: sql })
      connection.bind({ values })
      connection.execute({})
      connection.sync()
    },
    { row: (fields) => rows.push(fields) },
  )
  return rows
}
