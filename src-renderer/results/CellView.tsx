import { CloseButton, CopyButton, SegmentedControl } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useStore } from 'zustand'
import type { ResultSource, RowView } from '../../shared/contract/results.ts'
import type { Column } from '../../shared/data/types.ts'
import { api, asAppError } from '../api/client.ts'
import { shortType } from '../grid/format.ts'
import { type GridStore, shownPlaces } from '../grid/store.ts'
import { formatBytes, formatCount } from '../ui/format.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { hexDump, imageOf } from './bytes.ts'
import { JsonTree } from './JsonTree.tsx'
import { parseExact } from './json-text.ts'
import classes from './results.module.css'
import sideClasses from './side.module.css'

interface CellViewProps {
  store: GridStore
  source: ResultSource
  view: RowView
  onClose(): void
}

/** The picked cell by itself: its whole text, JSON that folds, images and bytes. Follows what is picked. */
export function CellView({ store, source, view, onClose }: CellViewProps) {
  const row = useStore(store, ({ range }) => range?.end.row)
  const place = useStore(store, (state) => (state.range ? shownPlaces(state)[state.range.end.column] : undefined))
  const column = store.getState().columns[place ?? -1]
  const cell = useQuery({
    queryKey: ['cell', source, view, row, column?.name],
    enabled: row !== undefined && column !== undefined,
    queryFn: ({ signal }) => api.results.cell({ source, view, row: row ?? 0, column: column?.name ?? '' }, { signal }),
    gcTime: 0,
  })
  const text = cell.data?.text
  return (
    <aside
      className={sideClasses.side}
      aria-label="Cell"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.preventDefault()
        onClose()
      }}
    >
      <header className={sideClasses.sideHead}>
        <strong>{column?.name ?? 'No cell is picked'}</strong>
        {column && row !== undefined && (
          <span className={classes.dim}>
            {shortType(column.type)} · row {formatCount(row + 1)}
          </span>
        )}
        <span className={sideClasses.sideTools}>
          {typeof text === 'string' && (
            <CopyButton value={text}>
              {({ copied, copy }) => (
                <IconButton
                  label={copied ? 'Copied' : 'Copy the whole text'}
                  icon={copied ? IconCheck : IconCopy}
                  size="sm"
                  onClick={copy}
                />
              )}
            </CopyButton>
          )}
          <CloseButton size="sm" aria-label="Close the cell" onClick={onClose} />
        </span>
      </header>
      {cell.error && <p role="alert">{asAppError(cell.error).message}</p>}
      {column && cell.data && <CellContent key={`${row} ${column.name}`} column={column} {...cell.data} />}
    </aside>
  )
}

interface ContentProps {
  column: Column
  text: string | null
  length: number
}

function CellContent({ column, text, length }: ContentProps) {
  if (text === null) return <p className={classes.null}>NULL</p>
  if (text === '') return <p className={classes.null}>Empty text</p>
  if (column.type.kind === 'blob') return <Bytes text={text} length={length} />
  return <TextContent text={text} length={length} json={column.type.kind === 'json' || column.type.kind === 'list'} />
}

function TextContent({ text, length, json }: { text: string; length: number; json: boolean }) {
  const parsed = json || /^\s*[[{]/.test(text) ? parseExact(text) : undefined
  const [shape, setShape] = useState(parsed === undefined ? 'text' : 'tree')
  return (
    <>
      {parsed !== undefined && (
        <SegmentedControl
          aria-label="Shown as"
          size="xs"
          value={shape}
          onChange={setShape}
          data={[
            { value: 'tree', label: 'Tree' },
            { value: 'text', label: 'Text' },
          ]}
        />
      )}
      <p className={classes.dim}>
        {formatCount(length)} {length === 1 ? 'character' : 'characters'}
        {length > text.length && `, the first ${formatCount(text.length)} shown`}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <section className={sideClasses.sideBody} tabIndex={0} aria-label="Whole text">
        {shape === 'tree' && parsed !== undefined ? (
          <JsonTree value={parsed} />
        ) : (
          <pre className={sideClasses.text}>{text}</pre>
        )}
      </section>
    </>
  )
}

/** Bytes of a dump; a screen is not the place to read more. */
const maxDump = 64 * 1024

function Bytes({ text, length }: { text: string; length: number }) {
  const size = (length - 2) / 2
  const image = imageOf(text)
  return (
    <>
      <p className={classes.dim}>
        {formatBytes(size)}
        {image && ` · ${image.type}`}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <section className={sideClasses.sideBody} tabIndex={0} aria-label="Bytes">
        {image && <img className={sideClasses.image} src={image.url} alt="What the bytes show" />}
        <pre className={sideClasses.text}>{hexDump(text, maxDump)}</pre>
        {size > maxDump && <p className={classes.dim}>The first {formatBytes(maxDump)} are shown.</p>}
      </section>
    </>
  )
}
