import type { NodeCategory, NodeDefinition } from '../../shared/nodes/define.ts'
import { registry } from '../../shared/nodes/registry.ts'
import { fits, type Link } from '../../shared/pipeline/edit-add.ts'

/** Categories in the order of the palette. */
export const categories: readonly { id: NodeCategory; title: string }[] = [
  { id: 'source', title: 'Sources' },
  { id: 'transform', title: 'Transforms' },
  { id: 'load', title: 'Loads' },
  { id: 'control', title: 'Control' },
]

/** What a kind does, in one sentence. */
export const shortHelp = ({ help }: NodeDefinition): string => help.split('\n', 1)[0] ?? ''

const definitions: readonly NodeDefinition[] = categories.flatMap(({ id }) =>
  registry.kinds().flatMap((kind) => {
    const definition = registry.get(kind)
    return definition?.category === id ? [definition] : []
  }),
)

/** Kinds that can be wired so and meet what was typed, the best first; in the order of the palette when nothing was. */
export function findKinds(typed: string, link?: Link): NodeDefinition[] {
  const fitting = definitions.filter((definition) => fits(definition, link))
  const words = typed.trim().toLowerCase()
  if (words === '') return fitting
  return fitting
    .map((definition) => ({ definition, rank: rankOf(definition, words) }))
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank)
    .map(({ definition }) => definition)
}

/** How well a text meets what was typed: 3 at its start, 2 at the start of a word, 1 anywhere, 0 nowhere. */
export function meets(text: string, typed: string): number {
  const at = text.toLowerCase().indexOf(typed)
  if (at < 0) return 0
  if (at === 0) return 3
  return /[\p{L}\p{N}]/u.test(text[at - 1] ?? '') ? 1 : 2
}

function rankOf(definition: NodeDefinition, typed: string): number {
  const named = Math.max(meets(definition.title, typed), meets(definition.kind, typed))
  if (named > 0) return named + 1
  return meets(shortHelp(definition), typed) > 1 ? 1 : 0
}
