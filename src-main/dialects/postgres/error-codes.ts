import type { ErrorCode } from '../../../shared/errors.ts'

/** What a server's error means to us. */
export interface Class {
  code: ErrorCode
  retryable: boolean
}

const exact: Record<string, Class> = {
  '22003': { code: 'DATA_RANGE', retryable: false },
  '22008': { code: 'DATA_RANGE', retryable: false },
  '22001': { code: 'DATA_RANGE', retryable: false },
  '25006': { code: 'QUERY_READ_ONLY', retryable: false },
  '40001': { code: 'QUERY_CONFLICT', retryable: true },
  '40P01': { code: 'QUERY_CONFLICT', retryable: true },
  '55P03': { code: 'QUERY_CONFLICT', retryable: true },
  '55006': { code: 'QUERY_CONFLICT', retryable: true },
  '2BP01': { code: 'QUERY_CONFLICT', retryable: false },
  '42P07': { code: 'QUERY_CONFLICT', retryable: false },
  '42501': { code: 'QUERY_DENIED', retryable: false },
  '42601': { code: 'QUERY_SYNTAX', retryable: false },
  '57014': { code: 'LIMIT_TIME', retryable: false },
  '57P01': { code: 'CONNECTION_LOST', retryable: true },
  '57P02': { code: 'CONNECTION_LOST', retryable: true },
  '57P03': { code: 'CONNECTION_REFUSED', retryable: true },
  '57P05': { code: 'CONNECTION_LOST', retryable: true },
  '25P03': { code: 'CONNECTION_LOST', retryable: true },
  '53300': { code: 'CONNECTION_REFUSED', retryable: true },
  '53100': { code: 'LIMIT_DISK', retryable: false },
  '53200': { code: 'LIMIT_MEMORY', retryable: false },
  '54000': { code: 'LIMIT_SIZE', retryable: false },
  '28000': { code: 'CONNECTION_AUTH', retryable: false },
  '28P01': { code: 'CONNECTION_AUTH', retryable: false },
  '3D000': { code: 'CONNECTION_DATABASE', retryable: false },
  '42P18': { code: 'QUERY_FAILED', retryable: false },
}

const missing = new Set(['42P01', '42703', '42883', '42704', '3F000', '42P02'])

/** By the server's SQLSTATE. */
export function classify(state: string): Class {
  const known = exact[state]
  if (known) return known
  if (missing.has(state)) return { code: 'QUERY_MISSING', retryable: false }
  const family = state.slice(0, 2)
  if (family === '23') return { code: 'DATA_CONSTRAINT', retryable: false }
  if (family === '22' || state === '42804') return { code: 'DATA_TYPE', retryable: false }
  if (family === '08') return { code: 'CONNECTION_LOST', retryable: true }
  if (family === '40') return { code: 'QUERY_CONFLICT', retryable: true }
  return { code: 'QUERY_FAILED', retryable: false }
}
