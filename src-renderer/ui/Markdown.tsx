import { Anchor } from '@mantine/core'
import { createElement, Fragment, type ReactNode, useMemo } from 'react'
import { type Block, type Inline, parseMarkdown } from './markdown.ts'
import { openExternal } from './openExternal.ts'
import classes from './ui.module.css'

interface MarkdownProps {
  text: string
  /** The level that `#` becomes, so that headings stay in order on the page around. */
  top?: number
}

/** Shows help and notes: headings, paragraphs, lists, code, tables and links to outside. HTML in the text stays text. */
export function Markdown({ text, top = 2 }: MarkdownProps) {
  const blocks = useMemo(() => parseMarkdown(text), [text])
  return <div className={classes.markdown}>{each(blocks, (block) => blockOf(block, top))}</div>
}

function blockOf(block: Block, top: number): ReactNode {
  switch (block.type) {
    case 'heading':
      return createElement(`h${Math.min(6, block.level - 1 + top)}`, null, words(block.children))
    case 'paragraph':
      return <p>{words(block.children)}</p>
    case 'code':
      return (
        <pre>
          <code>{block.text}</code>
        </pre>
      )
    case 'list':
      return createElement(
        block.ordered ? 'ol' : 'ul',
        null,
        each(block.items, (item) => <li>{words(item)}</li>),
      )
    case 'table':
      return <TableBlock head={block.head} rows={block.rows} />
  }
}

function TableBlock({ head, rows }: { head: Inline[][]; rows: Inline[][][] }) {
  return (
    <table>
      <thead>
        <tr>
          {each(head, (cell) => (
            <th>{words(cell)}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {each(rows, (row) => (
          <tr>
            {each(row, (cell) => (
              <td>{words(cell)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function words(children: readonly Inline[]): ReactNode {
  return each(children, wordOf)
}

function wordOf(piece: Inline): ReactNode {
  switch (piece.type) {
    case 'text':
      return piece.text
    case 'code':
      return <code>{piece.text}</code>
    case 'strong':
      return <strong>{words(piece.children)}</strong>
    case 'emphasis':
      return <em>{words(piece.children)}</em>
    case 'link':
      return (
        <Anchor component="button" type="button" role="link" onClick={() => void openExternal(piece.url)}>
          {words(piece.children)}
        </Anchor>
      )
  }
}

/** A text never changes its order, so places are keys enough. */
function each<T>(items: readonly T[], render: (item: T) => ReactNode): ReactNode {
  return items.map((item, index) => createElement(Fragment, { key: index }, render(item)))
}
