import {
  IconArrowLeft,
  IconBolt,
  IconChevronRight,
  IconColumns3,
  IconDots,
  IconEye,
  IconKey,
  IconLink,
  IconList,
  IconPoint,
  IconPointFilled,
  IconSchema,
  IconShieldCheck,
  IconTable,
  IconTableShare,
  type TablerIcon,
} from '@tabler/icons-react'
import { memo, type ReactNode } from 'react'
import type { SchemaObject } from '../../shared/contract/schema.ts'
import { formatCount } from '../ui/format.ts'
import { draggedOf, nameOf } from './actions.ts'
import { dragTable } from './drag.ts'
import { estimateText, type Part, partTitles } from './facts.ts'
import { type ColumnRow, isExpandable, nameOfRow, type TreeRow } from './rows.ts'
import type { Mark } from './search.ts'
import classes from './Tree.module.css'
import type { TreeActions } from './useTreeActions.ts'

interface RowProps {
  /** Of its element. */
  id: string
  index: number
  row: TreeRow
  active: boolean
  height: number
  actions: TreeActions
}

/** A line of the tree: icon, name, and what there is to say of it at the far end. */
export const Row = memo(function Row({ id, index, row, active, height, actions }: RowProps) {
  const expandable = isExpandable(row)
  const draggable = row.type === 'object' || row.type === 'column'
  const Shape = iconOf(row)
  const text = sideText(row)
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree takes the keys
    // biome-ignore lint/a11y/useFocusableInteractive: the tree has the focus and names its active line
    <div
      id={id}
      role="treeitem"
      className={classes.row}
      style={{ height, paddingInlineStart: (row.level - 1) * 14 + 4 }}
      data-index={index}
      data-active={active || undefined}
      data-failed={(row.type === 'note' && row.failed) || undefined}
      aria-level={row.level}
      aria-posinset={row.position}
      aria-setsize={row.size}
      aria-selected={active}
      {...(expandable && { 'aria-expanded': row.expanded })}
      title={titleOf(row)}
      draggable={draggable}
      onDragStart={({ dataTransfer }) => {
        const picked = actions.of(row)
        if (!picked) return
        const table = row.type === 'object' ? draggedOf(picked) : undefined
        if (table) dragTable(dataTransfer, table)
        dataTransfer.setData('text/plain', nameOf(picked))
        dataTransfer.effectAllowed = 'copy'
      }}
      onClick={({ detail }) => {
        actions.go(row)
        if (detail === 1 && (row.type === 'schema' || row.type === 'part')) actions.expand(row, !row.expanded)
      }}
      onDoubleClick={() => {
        if (row.type !== 'schema' && row.type !== 'part') actions.act(row)
      }}
    >
      {expandable ? (
        <IconChevronRight
          size={14}
          className={classes.chevron}
          data-open={row.expanded || undefined}
          aria-hidden
          onClick={(event) => {
            event.stopPropagation()
            actions.go(row)
            actions.expand(row, !row.expanded)
          }}
          onDoubleClick={(event) => event.stopPropagation()}
        />
      ) : (
        <span className={classes.gap} />
      )}
      {Shape && <Shape size={14} stroke={1.6} className={classes.icon} data-type={colorOf(row)} aria-hidden />}
      <span className={classes.name}>{row.type === 'note' ? row.text : marked(nameOfRow(row), marksOf(row))}</span>
      {row.type !== 'note' && <span className={classes.words}>{labelOf(row).slice(nameOfRow(row).length + 2)}</span>}
      {text !== '' && (
        <span className={classes.text} aria-hidden>
          {text}
        </span>
      )}
      {(row.type === 'object' || row.type === 'schema') && (
        // The menu key opens it for those who use keys.
        <button
          type="button"
          className={classes.more}
          tabIndex={-1}
          aria-hidden
          title={`Menu of ${nameOfRow(row)}`}
          onClick={(event) => {
            event.stopPropagation()
            const { left, bottom } = event.currentTarget.getBoundingClientRect()
            actions.menu(row, { x: left, y: bottom })
          }}
        >
          <IconDots size={14} aria-hidden />
        </button>
      )}
    </div>
  )
})

const partIcons: Readonly<Record<Part, TablerIcon>> = {
  columns: IconColumns3,
  indexes: IconList,
  foreignKeys: IconLink,
  referencedBy: IconArrowLeft,
  checks: IconShieldCheck,
  triggers: IconBolt,
}

export function objectIcon(kind: SchemaObject['kind']): TablerIcon {
  if (kind === 'view' || kind === 'materialized view') return IconEye
  return kind === 'foreign table' ? IconTableShare : IconTable
}

function iconOf(row: TreeRow): TablerIcon | undefined {
  switch (row.type) {
    case 'schema':
      return IconSchema
    case 'object':
      return objectIcon(row.object.kind)
    case 'part':
      return partIcons[row.part]
    case 'column':
      if (row.column.primaryKey) return IconKey
      if (row.foreignKey) return IconLink
      return row.column.nullable ? IconPoint : IconPointFilled
    default:
      return undefined
  }
}

function colorOf(row: TreeRow): string | undefined {
  if (row.type === 'column') return row.column.primaryKey ? 'key' : row.foreignKey ? 'link' : undefined
  return row.type === 'object' ? row.object.kind : undefined
}

/** What stands at the far end of the line. */
function sideText(row: TreeRow): string {
  switch (row.type) {
    case 'schema':
    case 'part':
      return formatCount(row.count)
    case 'object':
      return row.object.rows === null ? '' : estimateText(row.object.rows)
    case 'column':
      return row.column.databaseType
    case 'fact':
      return row.fact.text
    case 'note':
      return ''
  }
}

const marksOf = (row: TreeRow): readonly Mark[] => (row.type === 'object' || row.type === 'column' ? row.marks : [])

/** What is known of a column beyond its type, in words. */
function columnWords({ column, foreignKey }: ColumnRow): string[] {
  return [
    column.databaseType,
    ...(column.primaryKey ? ['primary key'] : []),
    ...(foreignKey ? ['foreign key'] : []),
    ...(column.nullable ? [] : ['not null']),
    ...(column.generated ? ['generated'] : []),
  ]
}

/** A line in words, its name first, for those who cannot see it. */
function labelOf(row: TreeRow): string {
  switch (row.type) {
    case 'schema':
      return `${row.name}, schema, ${formatCount(row.count)}`
    case 'object': {
      const { name, kind, rows } = row.object
      return `${name}, ${kind}${rows === null ? '' : `, about ${formatCount(rows)} rows`}`
    }
    case 'part':
      return `${partTitles[row.part]}, ${formatCount(row.count)}`
    case 'column':
      return [row.column.name, ...columnWords(row)].join(', ')
    case 'fact':
      return row.fact.text === '' ? row.fact.name : `${row.fact.name}, ${row.fact.text}`
    case 'note':
      return row.text
  }
}

function titleOf(row: TreeRow): string {
  switch (row.type) {
    case 'object': {
      const { schema, name, kind, comment, rows } = row.object
      const whole = `${schema === null ? '' : `${schema}.`}${name} · ${kind}`
      const estimate = rows === null ? '' : `\nAbout ${formatCount(rows)} rows, as the database estimates`
      return `${whole}${estimate}${comment === null ? '' : `\n${comment}`}`
    }
    case 'column': {
      const { name, default: value, comment } = row.column
      const given = value === null ? '' : `\nDefault ${value}`
      return `${name} · ${columnWords(row).join(' · ')}${given}${comment === null ? '' : `\n${comment}`}`
    }
    default:
      return labelOf(row)
  }
}

/** A name with what was searched for in it. */
function marked(name: string, marks: readonly Mark[]): ReactNode {
  if (marks.length === 0) return name
  const parts: ReactNode[] = []
  let at = 0
  for (const [from, to] of marks) {
    parts.push(name.slice(at, from), <mark key={from}>{name.slice(from, to)}</mark>)
    at = to
  }
  return [...parts, name.slice(at)]
}
