import { cellText } from '../../../shared/data/wire.ts'
import type { BoundValue } from '../dialect.ts'
import { parameterOid } from './types.ts'

export const valueText = ({ value, type }: BoundValue): string | null =>
  value === null ? null : cellText(value, type, { lists: 'postgres' })

export const valueOids = (values: readonly BoundValue[]): number[] => values.map((value) => parameterOid(value.type))
