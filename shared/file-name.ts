/** Bytes that a name may take, with room for an ending and for what is added while the file is written. */
const maxBytes = 200
const maxCharacters = 120

/** Why a text cannot be the name of a file everywhere, without its ending; undefined when it can. */
export function fileNameProblem(name: string): string | undefined {
  if (name.trim() === '') return 'Give it a name.'
  if (name.length > maxCharacters) return `A name has ${maxCharacters} characters at most.`
  if (bytesOf(name) > maxBytes) return 'The name is too long for a file.'
  if (name.startsWith('.') || name.endsWith('.')) return 'A name neither begins nor ends with a dot.'
  const plain = [...name].every((char) => char >= ' ' && !'<>:"/\\|?*'.includes(char))
  return plain ? undefined : 'Leave out < > : " / \\ | ? *'
}

/** As UTF-8. */
function bytesOf(text: string): number {
  const points = [...text].map((char) => char.codePointAt(0) ?? 0)
  return points.reduce((sum, point) => sum + (point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4), 0)
}
