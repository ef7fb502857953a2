/**
 * Every error a user can meet. The set is closed: screens, exit codes and retry rules are decided on the code,
 * never on the text. The family is the part before the first underscore.
 */
export const errorCodes = [
  'DOC_SYNTAX',
  'DOC_SCHEMA',
  'DOC_VERSION',
  'DOC_LIMIT',
  'GRAPH_CYCLE',
  'GRAPH_EDGE',
  'GRAPH_PORT',
  'GRAPH_NODE',
  'CONFIG_INVALID',
  'CONFIG_PARAMETER',
  'CONFIG_COLUMN',
  'CONNECTION_UNKNOWN',
  'CONNECTION_INVALID',
  'CONNECTION_HOST',
  'CONNECTION_REFUSED',
  'CONNECTION_TIMEOUT',
  'CONNECTION_AUTH',
  'CONNECTION_DATABASE',
  'CONNECTION_TLS',
  'CONNECTION_FILE',
  'CONNECTION_LOCKED',
  'CONNECTION_LOST',
  'CONNECTION_TUNNEL',
  'QUERY_SYNTAX',
  'QUERY_MISSING',
  'QUERY_DENIED',
  'QUERY_READ_ONLY',
  'QUERY_CONFLICT',
  'QUERY_FAILED',
  'DATA_TYPE',
  'DATA_RANGE',
  'DATA_CONSTRAINT',
  'DATA_REJECTS',
  'DATA_SHORT',
  'DATA_ASSERT',
  'LIMIT_MEMORY',
  'LIMIT_DISK',
  'LIMIT_TIME',
  'LIMIT_SIZE',
  'FILE_MISSING',
  'FILE_DENIED',
  'FILE_FORMAT',
  'FILE_WRITE',
  'FILE_CONFLICT',
  'HTTP_STATUS',
  'HTTP_NETWORK',
  'HTTP_TIMEOUT',
  'HTTP_BODY',
  'CODE_SYNTAX',
  'CODE_THREW',
  'CODE_LIMIT',
  'VAULT_LOCKED',
  'VAULT_MISSING',
  'RUN_CANCELLED',
  'RUN_UNKNOWN',
  'RUN_STATE',
  'INTERNAL',
] as const

export type ErrorCode = (typeof errorCodes)[number]

/** Where an error belongs, so that a screen can open at the place. `position` is a 0-based offset into the field's text. */
export interface ErrorPlace {
  node?: string
  field?: string
  connection?: string
  position?: number
  /** A path inside the pipeline document, e.g. `nodes.orders.config.sql`. */
  path?: string
  /** 1-based line and column in the document's text. */
  line?: number
  column?: number
}

export interface ErrorFields {
  hint?: string
  at?: ErrorPlace
  /** Whether the same work may succeed if tried again unchanged (lost connection, lock, 5xx). */
  retryable?: boolean
  /** The database's own code, e.g. an SQLSTATE. */
  sqlState?: string
  cause?: unknown
}

/** The only error that crosses a layer. Message: what happened and where. Hint: what to do. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly at: ErrorPlace
  readonly retryable: boolean
  readonly sqlState: string | undefined

  constructor(code: ErrorCode, message: string, fields: ErrorFields = {}) {
    super(message, fields.cause === undefined ? undefined : { cause: fields.cause })
    this.name = 'AppError'
    this.code = code
    this.hint = fields.hint
    this.at = fields.at ?? {}
    this.retryable = fields.retryable ?? false
    this.sqlState = fields.sqlState
  }

  /** The error that a report tells of, on the other side of a process or a wire. */
  static from(report: ErrorReport): AppError {
    const { code, message, hint, at, retryable, sqlState } = report
    return new AppError(code, message, {
      ...(hint === undefined ? {} : { hint }),
      ...(at === undefined ? {} : { at }),
      ...(sqlState === undefined ? {} : { sqlState }),
      retryable,
    })
  }

  /** The same error, placed more precisely. Fields already known are kept. */
  placed(at: ErrorPlace): AppError {
    return new AppError(this.code, this.message, {
      hint: this.hint,
      at: { ...at, ...this.at },
      retryable: this.retryable,
      sqlState: this.sqlState,
      cause: this.cause,
    })
  }

  /** Plain data for events, JSON output and the run history. Never carries the cause, which may hold secrets. */
  toJSON(): ErrorReport {
    return {
      code: this.code,
      message: this.message,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      ...(Object.keys(this.at).length === 0 ? {} : { at: this.at }),
      ...(this.sqlState === undefined ? {} : { sqlState: this.sqlState }),
      retryable: this.retryable,
    }
  }
}

export interface ErrorReport {
  code: ErrorCode
  message: string
  hint?: string
  at?: ErrorPlace
  sqlState?: string
  retryable: boolean
}

/** Turns whatever was thrown into an AppError; anything unforeseen is INTERNAL. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new AppError('INTERNAL', message, { cause: thrown })
}
