import type { Parameter } from '../../../shared/pipeline/schema.ts'
import { openTemplate, templateRest } from '../../editors/complete-template.ts'

/**
 * Texts that come about by naming a parameter where the caret stands in an open `{{`.
 * @param caret offset in the text
 */
export function templateOffers(
  text: string,
  caret: number,
  parameters: readonly Pick<Parameter, 'name'>[],
): { text: string; name: string }[] {
  const open = openTemplate.exec(text.slice(0, caret))
  if (!open) return []
  const typed = (open[1] ?? '').toLowerCase()
  const rest = text.slice(caret).replace(templateRest, '')
  return parameters
    .filter(({ name }) => name.toLowerCase().includes(typed))
    .map(({ name }) => ({ name, text: `${text.slice(0, open.index)}{{${name}}}${rest}` }))
}
