import { isAbsolute } from 'node:path'
import type { z } from 'zod'
import type { ExportProgress, exportInput, RowsWindow } from '../../../shared/contract/results.ts'
import { AppError } from '../../../shared/errors.ts'
import { chartRows, exportRows, pickColumns, profileRows } from '../../engine/index.ts'
import { maxCell, sampleWindow, textsOf } from '../results/cells.ts'
import { copyRows } from '../results/copy.ts'
import { liveSample, stillRuns, viewQuery, withKept, withResults, withSession } from '../results/read.ts'
import { type ApiContext, api, reported } from './context.ts'

/** Characters of a cell shown by itself. */
const maxWhole = 16_000_000

export const results = {
  window: api.results.window.handler(async ({ context, input, signal }): Promise<RowsWindow> => {
    const { source, view, offset, limit } = input
    const sample = await liveSample(context, source)
    if (sample) return sampleWindow(sample, offset, limit)
    return withResults(context, source, async (opened) => {
      const query = { ...(await viewQuery(opened, view)), offset, limit }
      const { columns, rows, total, cut } = await opened.shown(query, { clip: maxCell, signal })
      return { columns, rows: textsOf(rows, columns), cut, total, complete: true }
    })
  }),

  cell: api.results.cell.handler(async ({ context, input, signal }) => {
    const { source, view, row, column } = input
    const sample = await liveSample(context, source)
    if (sample) {
      const [column_] = pickColumns(sample.columns, [column])
      const place = column_ ? sample.columns.indexOf(column_) : -1
      const text = textsOf(sample.rows.slice(row, row + 1), sample.columns)[0]?.[place] ?? null
      return { text, length: text?.length ?? 0 }
    }
    return withResults(context, source, async (opened) => {
      const places = pickColumns(opened.output.columns, [column]).map((found) => opened.output.columns.indexOf(found))
      const query = { ...(await viewQuery(opened, view)), offset: row, limit: 1 }
      const shown = await opened.shown(query, { clip: maxWhole, columns: places, signal })
      const text = textsOf(shown.rows, shown.columns)[0]?.[0] ?? null
      return { text, length: shown.cut[0]?.length ?? text?.length ?? 0 }
    })
  }),

  profile: api.results.profile.handler(({ context, input, signal }) =>
    withKept(context, input.source, async (opened) => {
      const columns = pickColumns(opened.output.columns, input.columns)
      const { filter, search } = await viewQuery(opened, input.view)
      const select = opened.select({ filter, search })
      return withSession(opened, signal, (session) => profileRows(session, select, columns))
    }),
  ),

  copy: api.results.copy.handler(async function* ({ context, input, signal }) {
    yield* reported(context, copyRows(context, input, signal))
  }),

  export: api.results.export.handler(async function* ({ context, input, signal }) {
    yield* reported(context, exported(context, input, signal ?? new AbortController().signal))
  }),

  chart: api.results.chart.handler(({ context, input, signal }) =>
    withKept(context, input.source, async (opened) => {
      const [x] = pickColumns(opened.output.columns, [input.x])
      const [y] = input.y === undefined ? [] : pickColumns(opened.output.columns, [input.y])
      if (!x) throw new AppError('CONFIG_COLUMN', 'A chart needs a column for its groups.', { at: { field: 'x' } })
      const { filter, search } = await viewQuery(opened, input.view)
      const select = opened.select({ filter, search })
      return withSession(opened, signal, (session) => chartRows(session, select, { x, y, measure: input.measure }))
    }),
  ),
}

/** Another engine writes the file, and that of the run may not: it reaches only what the pipeline names. */
const runGoesOn = (node: string) =>
  new AppError('RUN_STATE', `The rows of ${node} cannot be exported while their run goes on.`, {
    hint: 'Wait for the run to end, or copy the rows.',
    at: { node },
  })

async function* exported(
  context: ApiContext,
  { source, view, format, path, columns: names }: z.output<typeof exportInput>,
  signal: AbortSignal,
): AsyncGenerator<ExportProgress> {
  if (!isAbsolute(path)) {
    throw new AppError('CONFIG_INVALID', 'An export needs the whole path of its file.', { at: { field: 'path' } })
  }
  if (await liveSample(context, source)) throw stillRuns(source)
  if (!('query' in source) && context.runs.isLive(source.run)) throw runGoesOn(source.node)
  const { results: opened, release } = await context.results.lease(source)
  try {
    const { output } = opened
    const columns = pickColumns(output.columns, names)
    const query = await viewQuery(opened, view)
    const whole = !query.filter && !query.search
    const count = `SELECT count(*) FROM (${opened.select({ filter: query.filter, search: query.search })})`
    const total = whole ? output.rows : await withSession(opened, signal, (session) => session.number(count))
    yield* exportRows({ output, view: query, total, columns, format, path, spill: context.results.spill, signal })
  } finally {
    release()
  }
}
