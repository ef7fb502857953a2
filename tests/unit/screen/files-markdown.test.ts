import { describe, expect, it } from 'vitest'
import { registry } from '../../../shared/nodes/registry.ts'
import { parseInline, parseMarkdown } from '../../../src-renderer/ui/markdown.ts'

const text = (words: string) => [{ type: 'text', text: words }]

describe('Markdown', () => {
  it('is read in blocks', () => {
    const blocks = parseMarkdown(
      '# Title\n\nOne\nline.\n\n- a\n- b\n  goes on\n\n1. x\n2. y\n\n```sql\nselect *\n  from t\n```\n\n| A | B |\n| --- | :-: |\n| 1 | `a\\|b` |\nafter',
    )
    expect(blocks).toEqual([
      { type: 'heading', level: 1, children: text('Title') },
      { type: 'paragraph', children: text('One line.') },
      { type: 'list', ordered: false, items: [text('a'), text('b goes on')] },
      { type: 'list', ordered: true, items: [text('x'), text('y')] },
      { type: 'code', text: 'select *\n  from t' },
      { type: 'table', head: [text('A'), text('B')], rows: [[text('1'), [{ type: 'code', text: 'a|b' }]]] },
      { type: 'paragraph', children: text('after') },
    ])
  })

  it('marks words, and takes no mark from code', () => {
    expect(parseInline('a **b `c`** *d* `*e*` 2 * 3 * 4')).toEqual([
      { type: 'text', text: 'a ' },
      {
        type: 'strong',
        children: [
          { type: 'text', text: 'b ' },
          { type: 'code', text: 'c' },
        ],
      },
      { type: 'text', text: ' ' },
      { type: 'emphasis', children: text('d') },
      { type: 'text', text: ' ' },
      { type: 'code', text: '*e*' },
      { type: 'text', text: ' 2 * 3 * 4' },
    ])
  })

  it('leads only to pages and addresses of mail; HTML stays text', () => {
    expect(parseInline('[docs](https://example.org/a)')).toEqual([
      { type: 'link', url: 'https://example.org/a', children: text('docs') },
    ])
    expect(parseInline('[x](javascript:alert(1)) <b>y</b>').some(({ type }) => type === 'link')).toBe(false)
    expect(parseInline('<script>')).toEqual(text('<script>'))
  })

  it('reads the help of every node without losing a word', () => {
    for (const kind of registry.kinds()) {
      const help = registry.get(kind)?.help ?? ''
      const read = JSON.stringify(parseMarkdown(help))
      for (const word of help.replaceAll(/^```\w+/gm, '').match(/[a-z]{4,}/gi) ?? []) expect(read).toContain(word)
    }
  })

  it('ends on any text', () => {
    for (const odd of ['```', '|', '- ', '#', '[', '**', '`', '| a |\n| - |', '\n\n\n', '<!--']) {
      expect(Array.isArray(parseMarkdown(odd))).toBe(true)
    }
  })
})
