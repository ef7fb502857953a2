import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AppError } from '../../../shared/errors.ts'
import { formatOfName } from '../../../shared/nodes/file-format.ts'
import type { BoundValue, Reader } from '../../dialects/dialect.ts'
import { defaultLimits, exportRows, openFederated, spoolRows } from '../../engine/index.ts'
import { allConnections } from '../../services/queries/workspace-target.ts'
import { connect } from '../../services/start-run.ts'
import type { Where } from '../../services/workspace.ts'
import type { CliContext } from './context.ts'
import type { QueryFormat } from './options.ts'
import { toFile } from './query-file.ts'
import { printResult, printRows } from './query-print.ts'

export interface WorkspaceQuery {
  sql: string
  params: Record<string, BoundValue>
  where: Where
  format: QueryFormat | undefined
  output: string | undefined
  signal: AbortSignal
}

/** Runs a statement over all connections and prints its rows, or writes them to a file. */
export async function queryWorkspace(context: CliContext, request: WorkspaceQuery): Promise<number> {
  const { sql, params, where, signal } = request
  const workspace = context.workspace()
  const scratch = await mkdtemp(join(tmpdir(), 'sluice-query-'))
  const connections = allConnections(workspace, where, (name) => connect(workspace, name, where))
  const { memoryMb, threads } = defaultLimits
  const session = await openFederated({ connections, scratch, memoryMb, threads, pushes: true }, signal)
  try {
    if (request.output !== undefined || request.format === 'parquet') {
      return await toFile(context, request, (path) =>
        writeRows(session.read({ sql, params }), { ...request, path, scratch }),
      )
    }
    const format = request.format ?? 'table'
    if (/^\s*explain\b/i.test(sql)) {
      const { columns, rows } = await session.execute({ sql, params })
      await printResult(context, columns, rows, format)
    } else await printRows(context, session.read({ sql, params }), { format, quotesTexts: false }, signal)
    return 0
  } finally {
    await session.release()
    await rm(scratch, { recursive: true, force: true })
  }
}

/** Keeps the rows first, so that a file is written by what writes all others. Resolves to how many there were. */
async function writeRows(
  reader: Reader,
  {
    path,
    format,
    scratch,
    signal,
  }: { path: string; format: QueryFormat | undefined; scratch: string; signal: AbortSignal },
): Promise<number> {
  const written = format ?? formatOfName(path)
  if (written === undefined || written === 'table') {
    throw new AppError('CONFIG_INVALID', `The name ${path} tells no format.`, {
      hint: 'End it in .csv, .json, .ndjson or .parquet, or give --format.',
    })
  }
  const columns = await reader.columns()
  const kept = await spoolRows({
    columns,
    bytes: reader.bytes({ lists: 'json' }),
    file: join(scratch, 'rows.duckdb'),
    scratch,
    spill: join(scratch, 'spill'),
    memoryMb: defaultLimits.memoryMb,
    signal,
    onSample: () => undefined,
  })
  const output = { ...kept, node: 'query', port: 'out', fingerprint: '' }
  const wish = {
    output,
    view: {},
    total: kept.rows,
    columns,
    format: written,
    path,
    spill: join(scratch, 'spill'),
    signal,
  }
  for await (const { done, rows } of exportRows(wish)) if (done) return rows
  return kept.rows
}
