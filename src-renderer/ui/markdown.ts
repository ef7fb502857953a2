/** The part of Markdown that help texts and notes use, read into plain data; HTML in it stays text. */

export type Inline =
  | { type: 'text'; text: string }
  | { type: 'code'; text: string }
  | { type: 'strong' | 'emphasis'; children: Inline[] }
  | { type: 'link'; url: string; children: Inline[] }

export type Block =
  | { type: 'heading'; level: number; children: Inline[] }
  | { type: 'paragraph'; children: Inline[] }
  | { type: 'code'; text: string }
  | { type: 'list'; ordered: boolean; items: Inline[][] }
  | { type: 'table'; head: Inline[][]; rows: Inline[][][] }

const fence = /^\s*```/
const heading = /^(#{1,6})\s+(.*?)\s*#*$/
const bullet = /^\s*[-*+]\s+/
const numbered = /^\s*\d+[.)]\s+/
const rule = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/

export function parseMarkdown(text: string): Block[] {
  const lines = text.replaceAll('\r\n', '\n').split('\n')
  const blocks: Block[] = []
  let at = 0
  while (at < lines.length) {
    const line = lines[at] ?? ''
    const title = heading.exec(line)
    if (line.trim() === '' || line.startsWith('<!--')) at++
    else if (fence.test(line)) {
      const end = lines.findIndex((other, index) => index > at && fence.test(other))
      const last = end === -1 ? lines.length : end
      blocks.push({ type: 'code', text: lines.slice(at + 1, last).join('\n') })
      at = last + 1
    } else if (title) {
      blocks.push({ type: 'heading', level: title[1]?.length ?? 1, children: parseInline(title[2] ?? '') })
      at++
    } else if (line.includes('|') && rule.test(lines[at + 1] ?? '')) {
      const end = endOf(lines, at + 2, (other) => !other.includes('|'))
      const rows = lines.slice(at + 2, end).map(cells)
      blocks.push({ type: 'table', head: cells(line), rows })
      at = end
    } else if (bullet.test(line) || numbered.test(line)) {
      const mark = bullet.test(line) ? bullet : numbered
      const end = endOf(lines, at, (other) => other.trim() === '')
      blocks.push({ type: 'list', ordered: mark === numbered, items: listItems(lines.slice(at, end), mark) })
      at = end
    } else {
      const end = endOf(lines, at + 1, (other) => other.trim() === '' || startsBlock(other))
      blocks.push({ type: 'paragraph', children: parseInline(lines.slice(at, end).join(' ')) })
      at = end
    }
  }
  return blocks
}

const startsBlock = (line: string) => fence.test(line) || heading.test(line) || bullet.test(line) || numbered.test(line)

function endOf(lines: readonly string[], from: number, isEnd: (line: string) => boolean): number {
  const found = lines.findIndex((line, index) => index >= from && isEnd(line))
  return found === -1 ? lines.length : found
}

/** Lines without a mark go on with the item before. */
function listItems(lines: readonly string[], mark: RegExp): Inline[][] {
  const items: string[] = []
  for (const line of lines) {
    if (mark.test(line)) items.push(line.replace(mark, ''))
    else items.push(`${items.pop() ?? ''} ${line.trim()}`)
  }
  return items.map(parseInline)
}

function cells(line: string): Inline[][] {
  const inner = line.trim().replace(/^\|/, '').replace(/\|$/, '')
  return inner.split(/(?<!\\)\|/).map((cell) => parseInline(cell.trim().replaceAll('\\|', '|')))
}

const inline = /(`+)(.+?)\1|\*\*(.+?)\*\*|__(.+?)__|\*([^\s*][^*]*?)\*|\[([^\]]+)\]\(([^)\s]+)\)|<(https?:\/\/[^>\s]+)>/

export function parseInline(text: string): Inline[] {
  const found = inline.exec(text)
  if (!found) return text === '' ? [] : [{ type: 'text', text }]
  const [whole, , code, strong, also, emphasis, label, target, address] = found
  return [
    ...(found.index > 0 ? [{ type: 'text' as const, text: text.slice(0, found.index) }] : []),
    ...marked({ code, strong: strong ?? also, emphasis, label: label ?? address, url: target ?? address }),
    ...parseInline(text.slice(found.index + whole.length)),
  ]
}

type Found = Partial<Record<'code' | 'strong' | 'emphasis' | 'label' | 'url', string | undefined>>

function marked({ code, strong, emphasis, label, url }: Found): Inline[] {
  if (code !== undefined) return [{ type: 'code', text: code }]
  if (strong !== undefined) return [{ type: 'strong', children: parseInline(strong) }]
  if (emphasis !== undefined) return [{ type: 'emphasis', children: parseInline(emphasis) }]
  if (label === undefined || url === undefined) return []
  const children: Inline[] = label === url ? [{ type: 'text', text: label }] : parseInline(label)
  // Addresses of other kinds (javascript:, files) lead nowhere: their words are all that is shown.
  return /^(https?:|mailto:)/i.test(url) ? [{ type: 'link', url, children }] : children
}
