import { pipelineSchema } from '../../shared/pipeline/schema.ts'

const nameSchema = pipelineSchema.shape.parameters.unwrap().element.shape.name

/** Why a parameter cannot be called so, in words; undefined when it can. */
export function nameProblem(name: string, others: readonly string[]): string | undefined {
  const checked = nameSchema.safeParse(name)
  if (!checked.success) {
    const reason = checked.error.issues[0]?.message ?? 'this is no name'
    return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`
  }
  const taken = others.find((other) => other.toLowerCase() === name.toLowerCase())
  return taken === undefined ? undefined : `There is another parameter ${taken}.`
}
