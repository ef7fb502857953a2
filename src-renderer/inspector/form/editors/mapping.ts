const plain = (name: string) => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')

/** Names in a table for arriving names, where they differ only in case, spaces and signs: `Unit price` to `unit_price`. */
export function matchByName(arriving: readonly string[], inTable: readonly string[]): Record<string, string> {
  const free = new Set(inTable.filter((name) => !arriving.includes(name)))
  return Object.fromEntries(
    arriving.flatMap((name) => {
      if (inTable.includes(name)) return []
      const found = [...free].find((candidate) => plain(candidate) === plain(name))
      if (found === undefined) return []
      free.delete(found)
      return [[name, found] as const]
    }),
  )
}
