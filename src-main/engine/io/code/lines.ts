/** The offset at which a line (from 1) starts. */
export function lineStart(text: string, line: number): number {
  let at = 0
  for (let number = 1; number < line; number++) at = text.indexOf('\n', at) + 1
  return at
}
