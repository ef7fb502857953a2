import type { DatabaseSync } from 'node:sqlite'
import { Worker } from 'node:worker_threads'
import { AppError } from '../../../shared/errors.ts'
import { mapError } from './errors.ts'
import { execute, executeMany } from './lane-execute.ts'
import { table, tables } from './lane-inspect.ts'
import { isGuarded, openFile } from './lane-open.ts'
import { probe } from './lane-probe.ts'
import { prepare, pump } from './lane-read.ts'
import { LaneWriter } from './lane-write.ts'
import type { Calls, Op, Reply, Request } from './protocol.ts'
import { definition } from './schema/definition.ts'
import { diagram } from './schema/diagram.ts'
import { functions } from './schema/functions.ts'
import { object } from './schema/object.ts'
import { objects } from './schema/objects.ts'

/**
 * The process of one SQLite session. SQLite runs a statement to its end and cannot be interrupted from outside, so
 * Stop is the end of this process: the journal undoes what was not committed.
 */
let database: DatabaseSync | undefined
let writer: LaneWriter | undefined
let stopped = false

const send = (reply: Reply) => {
  process.send?.(reply)
}

function db(): DatabaseSync {
  if (!database) throw new AppError('INTERNAL', 'The SQLite lane was used before it was opened.')
  return database
}

const handlers: { [K in Op]: (args: Calls[K]['args']) => Calls[K]['result'] | Promise<Calls[K]['result']> } = {
  open(args) {
    database = openFile(args)
    return null
  },
  transact({ step }) {
    // Only a writer takes the lock at once; a file that is opened for reading has none to give.
    if (step === 'begin') db().exec(isGuarded(db()) ? 'begin' : 'begin immediate')
    else if (db().isTransaction) db().exec(step)
    else if (step === 'commit') throw new AppError('QUERY_FAILED', 'The transaction was already rolled back by SQLite.')
    return null
  },
  prepare: ({ sql, params }) => prepare(db(), sql, params),
  probe,
  read(args) {
    stopped = false
    return pump(db(), args, {
      stopped: () => stopped,
      rows: (rows) => send({ event: 'rows', rows }),
    })
  },
  execute: ({ sql, params }) => execute(db(), sql, params),
  many: ({ sql, rows, before }) => executeMany(db(), sql, rows, before),
  write(plan) {
    writer = new LaneWriter(db(), plan, process.stdin, {
      reject: (row, reason) => send({ event: 'reject', row, reason }),
      failed: (error) => send({ event: 'failed', error: error.toJSON() }),
    })
    return null
  },
  finish: ({ bytes }) => endWriter((current) => current.finish(bytes)),
  abort: ({ bytes }) => endWriter((current) => current.abort(bytes)),
  tables: () => tables(db()),
  table: (ref) => table(db(), ref),
  objects: () => objects(db()),
  object: (name) => object(db(), name),
  definition: (name) => definition(db(), name),
  diagram: (names) => diagram(db(), names),
  functions: () => functions(db()),
}

function endWriter<T>(end: (current: LaneWriter) => T): T {
  if (!writer) throw new AppError('INTERNAL', 'The SQLite lane has no write under way.')
  const current = writer
  writer = undefined
  return end(current)
}

async function serve<K extends Op>(id: number, op: K, args: Calls[K]['args']): Promise<void> {
  try {
    send({ id, result: await handlers[op](args) })
  } catch (thrown) {
    send({ id, error: mapError(thrown).toJSON() })
  }
}

process.on('message', (request: Request) => {
  if (request.op === 'stop') stopped = true
  else void serve(request.id, request.op, request.args)
})
process.on('disconnect', () => process.exit(0))
process.stdout.on('error', () => process.exit(0))

/** While SQLite is busy this thread hears nothing, so another one watches whether anybody still waits for the answer. */
new Worker(
  `const parent = ${process.ppid}
   setInterval(() => {
     try { process.kill(parent, 0); if (process.ppid === parent) return } catch {}
     process.kill(process.pid, 'SIGKILL')
   }, 500)`,
  { eval: true },
).unref()
