import type { Parameter, Pipeline } from './schema.ts'

/** The document with some of its own settings changed; an empty description and the usual way to commit are left out. */
export function setPipeline(
  pipeline: Pipeline,
  change: { name?: string; description?: string; atomic?: 'pipeline' | undefined },
): Pipeline {
  const { $schema, sluice, description: _description, atomic: _atomic, ...rest } = pipeline
  const name = change.name ?? pipeline.name
  const description = change.description ?? pipeline.description ?? ''
  const atomic = 'atomic' in change ? change.atomic : pipeline.atomic
  return {
    ...($schema !== undefined && { $schema }),
    sluice,
    ...rest,
    name,
    ...(description !== '' && { description }),
    ...(atomic !== undefined && { atomic }),
  }
}

/** The document with one more parameter, a text with a free name. */
export function addParameter(pipeline: Pipeline): Pipeline {
  const taken = new Set(pipeline.parameters.map(({ name }) => name.toLowerCase()))
  let name = 'parameter'
  for (let count = 2; taken.has(name); count++) name = `parameter_${count}`
  return { ...pipeline, parameters: [...pipeline.parameters, { name, type: 'text' }] }
}

export const removeParameter = (pipeline: Pipeline, index: number): Pipeline => ({
  ...pipeline,
  parameters: pipeline.parameters.toSpliced(index, 1),
})

/** The document with a parameter changed; what is undefined is taken away. */
export function setParameter(
  pipeline: Pipeline,
  index: number,
  change: { [K in keyof Parameter]?: Parameter[K] | undefined },
): Pipeline {
  const before = pipeline.parameters[index]
  if (!before) return pipeline
  const { name, type, description, default: fallback, optional, values, min, max } = { ...before, ...change }
  const changed: Parameter = {
    name: name ?? before.name,
    type: type ?? before.type,
    ...(description !== undefined && description !== '' && { description }),
    ...(fallback !== undefined && { default: fallback }),
    ...(optional && { optional }),
    ...(values !== undefined && values.length > 0 && { values }),
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
  }
  return { ...pipeline, parameters: pipeline.parameters.with(index, changed) }
}
