import type { QueryEvent } from '../../../shared/contract/queries.ts'
import { Channel } from '../channel.ts'

/** What a run did so far, for pages that were not there when it happened. */
export class RunLog {
  private readonly channel = new Channel<QueryEvent>()
  private readonly offset: number
  private events: QueryEvent[] = []

  /** @param offset where the text that is run begins in the tab's; positions count in the latter */
  constructor(offset: number) {
    this.offset = offset
  }

  add(event: QueryEvent): void {
    const placed = this.placed(event)
    // Of how far a statement is, the last word does.
    if (event.type === 'progress') {
      this.events = this.events.filter((other) => other.type !== 'progress' || other.statement !== event.statement)
    }
    this.events.push(lasting(placed))
    this.channel.send(placed)
  }

  /** The connection that it runs on has another name now. */
  renameConnection(name: string, to: string): void {
    this.events = this.events.map((event) =>
      event.type === 'statement' && event.connection === name ? { ...event, connection: to } : event,
    )
  }

  close(): void {
    this.channel.close()
  }

  /** All that happened, and what still will. */
  read(signal?: AbortSignal): AsyncIterableIterator<QueryEvent> {
    return this.channel.read(signal, this.events)
  }

  private placed(event: QueryEvent): QueryEvent {
    if (event.type === 'statement') return { ...event, position: event.position + this.offset }
    if (event.type !== 'failed') return event
    const { at } = event.error
    if (at?.position === undefined) return event
    return { ...event, error: { ...event.error, at: { ...at, position: at.position + this.offset } } }
  }
}

/** A page that comes later asks for the rows, of which there may be more by then. */
function lasting(event: QueryEvent): QueryEvent {
  if (event.type !== 'rows') return event
  const { first: _first, ...rest } = event
  return rest
}
