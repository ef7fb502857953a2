import { cancelled } from './errors.ts'
import type { Context } from './line.ts'
import type { ServerLink } from './link.ts'

/** What a running statement gives, piece by piece: wire bytes of its rows, or one result after the other. */
export interface RunningRows<Piece> {
  next(): Promise<Piece | undefined>
  /** Rows given so far. */
  readonly rows: number
  readonly done: boolean
  /** Settles when the server has nothing more to send. */
  readonly finished: Promise<void>
  /** What still comes is dropped. */
  discard(): void
}

/** How a query's rows came to an end, when not by their last. */
export interface Ending {
  /** Left before the end. */
  early: boolean
  failed: boolean
}

/**
 * Pulls the pieces of running rows, which keep the session busy until they end or are left.
 * @param counted told of the rows given so far
 * @param ended what is to do once the session is free again
 */
export async function* piecesOf<Piece, Ctx extends Context>(
  session: ServerLink<object, Ctx>,
  rows: RunningRows<Piece>,
  context: Ctx,
  counted: (rows: number) => void,
  ended: (ending: Ending) => Promise<void>,
): AsyncGenerator<Piece, void> {
  const free = session.hold(rows.finished, () => rows.discard())
  let failed = false
  try {
    for (;;) {
      const piece = await rows.next()
      counted(rows.rows)
      if (!piece) break
      yield piece
    }
    // Pieces may have been dropped on the way.
    if (session.aborted) throw cancelled()
  } catch (error) {
    failed = true
    throw session.explain(error, context)
  } finally {
    const early = !rows.done && !session.aborted
    if (early) await session.abandon(rows)
    await rows.finished
    free()
    await ended({ early, failed })
  }
}
