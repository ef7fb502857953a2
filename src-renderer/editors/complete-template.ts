import type { CompletionContext, CompletionResult } from '@codemirror/autocomplete'
import type { Parameter } from '../../shared/pipeline/schema.ts'

/** `{{` and the start of a name, just before the caret. */
export const openTemplate = /(?<!\\)\{\{\s*(\w*)$/

/** What follows an open `{{` and belongs to it: the rest of the name, and braces that the editor closed. */
export const templateRest = /^\w*(?:\s*\}\})?/

/** Names of parameters for an open `{{`. */
export function completeTemplate(
  context: CompletionContext,
  parameters: readonly Parameter[],
): CompletionResult | null {
  const { doc } = context.state
  const line = doc.lineAt(context.pos)
  const open = openTemplate.exec(line.text.slice(0, context.pos - line.from))
  if (!open) return null
  return {
    from: context.pos - (open[1]?.length ?? 0),
    validFor: /^\w*$/,
    options: parameters.map(({ name, type, description }) => ({
      label: name,
      detail: type,
      type: 'constant',
      ...(description !== undefined && { info: description }),
      apply: (view, _completion, from, to) => {
        const insert = `${name}}}`
        const rest = templateRest.exec(view.state.sliceDoc(to, view.state.doc.lineAt(to).to))?.[0] ?? ''
        view.dispatch({
          changes: { from, to: to + rest.length, insert },
          selection: { anchor: from + insert.length },
          userEvent: 'input.complete',
        })
      },
    })),
  }
}
