import type { ErrorReport } from '../../../shared/errors.ts'
import type { NodeDefinition } from '../../../shared/nodes/define.ts'
import { configProblems } from '../../../shared/nodes/problems.ts'
import type { FieldTrouble } from './editor.ts'

/** What is wrong with each field: what the settings alone tell, then what the databases and the engine say. */
export function fieldTroubles(
  definition: NodeDefinition,
  config: unknown,
  error: ErrorReport | undefined,
): ReadonlyMap<string, FieldTrouble> {
  const troubles = new Map<string, FieldTrouble>()
  for (const { field, message } of configProblems(definition, config)) {
    if (!troubles.has(field)) troubles.set(field, { message })
  }
  const field = error?.at?.field
  if (error && field !== undefined && troubles.size === 0) {
    const { message, hint, at } = error
    troubles.set(field, {
      message,
      ...(hint !== undefined && { hint }),
      ...(at?.position !== undefined && { position: at.position }),
    })
  }
  return troubles
}

/** The trouble of a field, or the first one inside it that no field of its own shows. */
export function troubleAt(
  troubles: ReadonlyMap<string, FieldTrouble>,
  path: string,
  whole: boolean,
): FieldTrouble | undefined {
  const own = troubles.get(path)
  if (own || !whole) return own
  for (const [place, trouble] of troubles)
    if (place.startsWith(`${path}.`) || place.startsWith(`${path}[`)) return trouble
  return undefined
}
