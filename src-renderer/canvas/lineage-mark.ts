/** Whether something takes part in the lineage that is shown, or stands aside; undefined while none is. */
export function markOf(parts: ReadonlySet<string> | undefined, id: string): 'part' | 'aside' | undefined {
  if (!parts) return undefined
  return parts.has(id) ? 'part' : 'aside'
}
