import type { SessionState } from '../../../shared/contract/queries.ts'
import type { Session } from '../../dialects/dialect.ts'
import type { Place } from './session-tools.ts'

/** What there is to tell of a tab: its transaction, and where it changed the schema of a database for everybody to see. */
export class Standing {
  private readonly onChanged: () => void
  private since: string | null = null
  private lost = false
  /** Where the schema was changed by what may still be rolled back. */
  private changing: Place | undefined
  private changed: SessionState['changed'] = null

  /** @param onChanged told each time that others can see another schema */
  constructor(onChanged: () => void) {
    this.onChanged = onChanged
  }

  /** @param standing that of the connection; nothing when none is held */
  state(standing: Session['standing'] = 'idle', running = false): SessionState {
    const { since, lost, changed } = this
    if (lost) return { transaction: 'lost', since, running, changed }
    const transaction = standing === 'lost' && since === null ? 'idle' : standing
    return { transaction, since: transaction === 'idle' ? null : since, running, changed }
  }

  /** A statement has made, altered or dropped something. @param committed for good, whatever becomes of a transaction */
  change({ connection, folder }: Place, committed: boolean): void {
    this.changing = { connection, folder }
    if (committed) this.publish()
  }

  /**
   * Notes where a connection stands after something was done on it.
   * @param stopped it was ended on purpose
   * @returns whether it is of no use any more
   */
  note(standing: Session['standing'], stopped: boolean): boolean {
    const gone = standing === 'lost' || stopped
    // Stop takes the transaction knowingly; a connection that went by itself does not.
    if (gone && this.since !== null && !stopped) this.lost = true
    else if (gone || standing === 'idle') this.since = null
    else this.since ??= new Date().toISOString()
    if (gone || standing === 'idle') this.publish()
    return gone
  }

  /** The loss was seen. */
  settle(): void {
    this.lost = false
    this.since = null
  }

  /** A schema that was changed in a transaction is that of a connection with another name now. */
  renameConnection(name: string, to: string): void {
    if (this.changing?.connection === name) this.changing = { ...this.changing, connection: to }
  }

  private publish(): void {
    if (!this.changing) return
    this.changed = { ...this.changing, at: new Date().toISOString() }
    this.changing = undefined
    this.onChanged()
  }
}
