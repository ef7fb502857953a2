import type { Catalog } from '../../dialect.ts'
import type { Link } from '../link.ts'
import { readDefinition } from './definition.ts'
import { readDiagram } from './diagram.ts'
import { listFunctions } from './functions.ts'
import { readObject } from './object.ts'
import { listObjects } from './objects.ts'

/** Runs work on a session of its own. */
type OnSession = <T>(work: (session: Link) => Promise<T>, signal?: AbortSignal) => Promise<T>

export const catalogOf = (on: OnSession): Catalog => ({
  objects: (signal) => on(listObjects, signal),
  object: (ref, signal) => on((session) => readObject(session, ref), signal),
  definition: (ref, signal) => on((session) => readDefinition(session, ref), signal),
  diagram: (part, signal) => on((session) => readDiagram(session, part), signal),
  functions: (signal) => on(listFunctions, signal),
})
