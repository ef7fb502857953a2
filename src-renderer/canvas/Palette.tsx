/** The node kinds that can be added, by category. */
export function Palette({ document }: { document: string }) {
  return <div data-palette={document} />
}
