import { eventIterator, oc, type } from '@orpc/contract'
import { z } from 'zod'
import { dialectIds } from '../connections.ts'
import type { Column } from '../data/types.ts'

/** Rows of one output of a node in a run, while it goes on and afterwards. */
export const nodeSource = z.object({ run: z.string(), node: z.string(), port: z.string() })
/** Rows that one statement of the query workbench gave, by the query's id and the statement's number. */
export const querySource = z.object({ query: z.string(), statement: z.int().min(0) })
export const resultSource = z.union([nodeSource, querySource])
export type NodeSource = z.infer<typeof nodeSource>
export type QuerySource = z.infer<typeof querySource>
export type ResultSource = z.infer<typeof resultSource>

export const filterOperators = [
  '=',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'contains',
  'starts',
  'ends',
  'empty',
  'filled',
  'null',
  'notNull',
] as const
export type FilterOperator = (typeof filterOperators)[number]

/**
 * A condition on one column. Comparisons are made as the column's type, `!=` holds for NULL too; `contains`, `starts` and `ends` look at
 * the text, case left aside. `empty` is NULL, an empty text or an empty list; `null` is NULL alone.
 */
export const rowFilter = z.object({
  column: z.string(),
  operator: z.enum(filterOperators),
  value: z.string().optional(),
})
export type RowFilter = z.infer<typeof rowFilter>

/** Which rows of a result, in which order. */
export const rowView = z.object({
  sort: z
    .array(z.object({ column: z.string(), direction: z.enum(['asc', 'desc']) }))
    .max(16)
    .optional(),
  /** All must hold. @throws CONFIG_INVALID with `at.field` `filters.<index>` for a value that does not fit its column */
  filters: z.array(rowFilter).max(64).optional(),
  /** Text that any column must contain, case left aside. */
  search: z.string().max(1_000).optional(),
})
export type RowView = z.infer<typeof rowView>

/** Rows that a grid asks for at a time: more than any screen shows. */
export const rowsAtOnce = 100

/** A cell as exact text (see data/wire.ts); null is NULL. */
export type CellText = string | null

export interface RowsWindow {
  columns: Column[]
  rows: CellText[][]
  /** Cells that were cut: row in this window, column, and the length of the whole text. */
  cut: { row: number; column: number; length: number }[]
  /** Rows that meet the view, as far as they are known. */
  total: number
  /** False while the node still runs: more rows will come, and only the first can be shown. */
  complete: boolean
}

export interface ColumnProfile {
  column: string
  rows: number
  nulls: number
  /** Approximate beyond some thousands. */
  distinct: number
  min: CellText
  max: CellText
  /** Of numbers. */
  mean?: number
  /** Numbers and dates: equal steps from min to max. Others: the most frequent values. */
  bars: ProfileBar[]
}

export interface ProfileBar {
  /** Start of the step, or the value; null is NULL. */
  label: CellText
  rows: number
  /** What leaves just these rows. */
  filters: RowFilter[]
}

export const copyFormats = ['tsv', 'csv', 'json', 'markdown', 'insert'] as const
export const exportFormats = ['csv', 'json', 'ndjson', 'parquet'] as const

export interface CopyPiece {
  text: string
  /** Rows that begin in it. */
  rows: number
}

export interface ExportProgress {
  rows: number
  total: number
  bytes: number
  done: boolean
}

const viewed = z.object({ source: resultSource, view: rowView.default({}) })
const columns = z.array(z.string()).optional()

export const copyInput = viewed.extend({
  format: z.enum(copyFormats),
  offset: z.int().min(0),
  limit: z.int().min(1).max(100_000),
  columns,
  header: z.boolean().default(true),
  /** Table named by INSERTs. */
  table: z.string().default('table_name'),
  /** Whose SQL INSERTs are. */
  dialect: z.enum([...dialectIds, 'duckdb']).default('duckdb'),
})

export const exportInput = viewed.extend({ format: z.enum(exportFormats), path: z.string().min(1), columns })

export const results = {
  window: oc
    .input(viewed.extend({ offset: z.int().min(0), limit: z.int().min(0).max(10_000) }))
    .output(type<RowsWindow>()),
  /** The whole text of one cell; at most 16 million characters. `row` counts in the view. */
  cell: oc
    .input(viewed.extend({ row: z.int().min(0), column: z.string() }))
    .output(type<{ text: CellText; length: number }>()),
  profile: oc.input(viewed.extend({ columns })).output(type<ColumnProfile[]>()),
  /** Rows as text for the clipboard, in pieces to be put one after the other; at most 100,000 rows and 64 Mi characters. */
  copy: oc.input(copyInput).output(eventIterator(type<CopyPiece>())),
  /** Writes all rows of the view to a file; closing the stream stops it and removes what was written. */
  export: oc.input(exportInput).output(eventIterator(type<ExportProgress>())),
  /** Groups for a quick chart, biggest first for texts, in order for numbers and dates; at most 200. */
  chart: oc
    .input(
      viewed.extend({
        x: z.string(),
        y: z.string().optional(),
        measure: z.enum(['count', 'sum', 'avg', 'min', 'max']).default('count'),
      }),
    )
    .output(type<{ points: { x: CellText; y: number | null }[]; groups: number }>()),
}
