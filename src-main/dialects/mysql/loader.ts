import { infileRefused } from './error-codes.ts'
import { serverError } from './errors.ts'
import type { Into } from './into.ts'
import { InfileLane } from './lane-infile.ts'
import { InsertLane } from './lane-insert.ts'
import type { Link } from './link.ts'

/** Takes wire lines into a table. */
export interface Lane {
  /** Whether the bytes so far end inside a row. */
  readonly partial: boolean
  /** Rows that arrived. */
  readonly rows: number
  write(piece: Uint8Array): Promise<void>
  /** Ends the rows; returns how many the table took. */
  finish(): Promise<number>
  abort(): Promise<void>
}

/** The fastest lane that the server allows: LOAD DATA LOCAL, else inserts of many rows. */
export async function openLane(session: Link, into: Into): Promise<Lane> {
  if (!session.takesFiles) return new InsertLane(session, into)
  const lane = new InfileLane(session, into)
  try {
    await lane.open()
    return lane
  } catch (error) {
    await lane.abort()
    if (!infileRefused.has(serverError(error)?.number ?? 0)) throw error
    session.takesFiles = false
    return new InsertLane(session, into)
  }
}

/** Loads rows that are all there. */
export async function loadAll(session: Link, into: Into, rows: Uint8Array): Promise<number> {
  const lane = await openLane(session, into)
  try {
    await lane.write(rows)
    return await lane.finish()
  } catch (error) {
    await lane.abort()
    throw session.explain(error)
  }
}
