import { AppError } from '../../../../shared/errors.ts'
import type { Catalog } from '../../dialect.ts'
import type { Link } from '../link.ts'
import { listObjects } from './objects.ts'

/** Runs work on a session of its own. */
type OnSession = <T>(work: (session: Link) => Promise<T>, signal?: AbortSignal) => Promise<T>

export const catalogOf = (on: OnSession): Catalog => ({
  objects: (signal) => on(listObjects, signal),
  object: refuse,
  definition: refuse,
  diagram: refuse,
  functions: refuse,
})

const refuse = async (): Promise<never> => {
  throw new AppError('INTERNAL', 'This cannot be read from this database yet.')
}
