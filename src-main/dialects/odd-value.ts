import type { ScalarKind } from '../../shared/data/types.ts'
import { AppError, type ErrorFields } from '../../shared/errors.ts'

/** A value that is none of its column's kind, though the database keeps it there. The rows can be read with `ReadOptions.plain`. */
export class OddValue extends AppError {
  readonly kind: ScalarKind

  constructor(kind: ScalarKind, message: string, fields: ErrorFields) {
    super('DATA_TYPE', message, fields)
    this.kind = kind
  }
}
