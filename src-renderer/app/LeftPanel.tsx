import { Palette } from '../canvas/Palette.tsx'

/** Left of the canvas: what can be added, and what is there. */
export function LeftPanel({ document }: { document: string }) {
  return <Palette document={document} />
}
