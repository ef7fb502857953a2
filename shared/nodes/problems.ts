import { formatPath } from '../pipeline/place.ts'
import { issuesToProblems } from '../pipeline/words.ts'
import type { NodeDefinition } from './define.ts'
import type { FormField } from './form.ts'

/** What is wrong with one setting of a node. */
export interface FieldProblem {
  /** Its path in the config, e.g. `keys.0.left`. */
  field: string
  /** What the form calls it, e.g. `Keys`. */
  label: string
  /** A sentence for beside the field, e.g. `Fill this in.` */
  message: string
}

/** What keeps a config from fitting its kind, in the words of the form; empty when nothing does. */
export function configProblems(definition: NodeDefinition, config: unknown): FieldProblem[] {
  const parsed = definition.config.safeParse(config)
  if (parsed.success) return []
  return issuesToProblems(parsed.error.issues, definition.config, config, []).map(({ path, message }) => ({
    field: formatPath(path),
    label: labelAt(definition.form, path),
    message: sentence(message, formatPath(path)),
  }))
}

/** One sentence for the card: `Condition: fill this in.` */
export const problemText = ({ label, message }: FieldProblem): string =>
  label === '' ? message : `${label}: ${message.charAt(0).toLowerCase()}${message.slice(1)}`

function sentence(message: string, path: string): string {
  const bare = message.startsWith(path) ? message.slice(path.length).replace(/^:? /, '') : message
  if (/^is missing|^must not be empty/.test(bare)) return 'Fill this in.'
  if (/^must have at least 1 item/.test(bare)) return 'Add at least one.'
  return `${bare.charAt(0).toUpperCase()}${bare.slice(1)}`
}

function labelAt(form: readonly FormField[], [name, ...rest]: readonly (string | number)[]): string {
  const field = form.find((candidate) => candidate.name === name)
  if (!field) return ''
  const inner = rest.filter((part) => typeof part === 'string')
  const below = field.fields === undefined || inner.length === 0 ? '' : labelAt(field.fields, inner)
  const place = typeof rest[0] === 'number' ? ` ${rest[0] + 1}` : ''
  return below === '' ? `${field.label}${place}` : `${field.label}${place}, ${below.toLowerCase()}`
}
