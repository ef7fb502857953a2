import { type RefObject, useEffect } from 'react'
import { useSelections } from '../../stores/selection.ts'

/** Takes the focus to the field that somebody jumped to. Editors of code put their caret themselves. */
export function useGoToField(
  host: RefObject<HTMLElement | null>,
  document: string,
  node: string,
  opened: boolean,
  reveal: () => void,
): void {
  const wanted = useSelections(({ field }) => field)
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each jump, and again when hidden fields have come
  useEffect(() => {
    if (wanted?.document !== document || wanted.node !== node || !host.current) return
    const found = fieldElement(host.current, wanted.field)
    if (!found) {
      reveal()
      return
    }
    found.scrollIntoView({ block: 'nearest' })
    if (found.querySelector('[data-code-field]')) return
    const control = found.matches('input') ? found : found.querySelector<HTMLElement>('input, textarea, button')
    control?.focus()
    useSelections.setState({ field: null })
  }, [wanted, opened])
}

/** The field at a path, else the nearest one that holds it. */
function fieldElement(host: HTMLElement, path: string): HTMLElement | null {
  const parts = path.split('.')
  for (let length = parts.length; length > 0; length--) {
    const name = parts.slice(0, length).join('.')
    const found = host.querySelector<HTMLElement>(`[data-field="${CSS.escape(name)}"]`)
    if (found) return found
  }
  return null
}
