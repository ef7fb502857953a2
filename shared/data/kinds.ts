import type { ColumnType } from './types.ts'

const numbers = ['int16', 'int32', 'int64', 'float32', 'float64', 'decimal']

export const isNumber = ({ kind }: ColumnType): boolean => numbers.includes(kind)

/** Numbers that may be NaN or infinite. */
export const isFloat = ({ kind }: ColumnType): boolean => kind === 'float32' || kind === 'float64'

/** Decimals of any number of digits: none are declared, or more than the 38 that the embedded engine holds. */
export const isLoose = (type: ColumnType): boolean =>
  type.kind === 'decimal' && (type.precision === undefined || type.precision > 38)

/** Points in time that can be put on an axis. */
export const isMoment = ({ kind }: ColumnType): boolean =>
  kind === 'date' || kind === 'timestamp' || kind === 'timestamptz'

const openEnded = ['text', 'json', 'blob', 'list', 'enum', 'interval']

/** Whether no value of the type takes more than some dozens of bytes. */
export const isBrief = ({ kind }: ColumnType): boolean => !openEnded.includes(kind)
