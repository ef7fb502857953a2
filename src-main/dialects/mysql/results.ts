import { AppError } from '../../../shared/errors.ts'
import {
  type FieldDef,
  isEnd,
  MORE_RESULTS,
  type Ok,
  PacketReader,
  parseEnd,
  parseField,
  parseOk,
  SERVER_INFILE,
  SERVER_OK,
} from './packets.ts'
import { exchange, type Listener, type MyClient, type Receive, type Sender } from './protocol.ts'

const COM_QUERY = 0x03
const COM_PREPARE = 0x16
const COM_EXECUTE = 0x17
const COM_CLOSE = 0x19
const COM_RESET = 0x1f

/** What an answer may bring before its end. */
export interface Answers {
  fields?(fields: FieldDef[]): void
  /** One row, not yet taken apart. */
  row?(data: Buffer, start: number, end: number): void
  /** The server waits for the content of a file: packets, the last of them empty. Without it the statement is refused. */
  infile?(sender: Sender): void
  /** The end of each statement; several for procedures. */
  end?(ok: Ok): void
}

/** Follows an answer to a query: a mere OK, or columns and rows. */
export function following(client: MyClient, answers: Answers): Listener {
  let sender: Sender | undefined
  let expected = 0
  let fields: FieldDef[] = []
  let step: 'start' | 'fields' | 'rows' = 'start'
  const ended = (ok: Ok) => {
    step = 'start'
    answers.end?.(ok)
    return (ok.status & MORE_RESULTS) === 0
  }
  const receive: Receive = (data, start, end) => {
    if (step === 'rows') {
      if (isEnd(data, start, end)) return ended(parseEnd(data, start, end))
      answers.row?.(data, start, end)
      return false
    }
    if (step === 'fields') {
      if (fields.length < expected) fields.push(parseField(data, start, end, client.extendedMetadata))
      else {
        step = 'rows'
        answers.fields?.(fields)
      }
      return false
    }
    if (data[start] === SERVER_OK) return ended(parseOk(data, start, end))
    if (data[start] === SERVER_INFILE) {
      giveFile(sender, answers)
      return false
    }
    expected = new PacketReader(data, start, end).length()
    fields = []
    step = 'fields'
    return false
  }
  return {
    receive,
    started: (given) => {
      sender = given
    },
  }
}

/** Files of this machine are none of the server's business, whatever a statement says. */
function giveFile(sender: Sender | undefined, { infile }: Answers): void {
  if (!sender) return
  if (infile) return infile(sender)
  sender.send(new Uint8Array(0))
  throw new AppError('QUERY_DENIED', 'The statement asks for a file of this machine, which is not sent.', {
    hint: 'Read the file with a file node, and load its rows.',
  })
}

export const commandOf = (code: number, body: string | Uint8Array) =>
  Buffer.concat([Uint8Array.of(code), typeof body === 'string' ? Buffer.from(body) : body])

export const queryCommand = (sql: string) => commandOf(COM_QUERY, sql)
export const executeCommand = (body: Uint8Array) => commandOf(COM_EXECUTE, body)

/** Runs one statement by the text protocol. */
export function runQuery(client: MyClient, sql: string, answers: Answers = {}): Promise<void> {
  return exchange(client, [queryCommand(sql)], following(client, answers))
}

/** A statement that the server has parsed. */
export interface Prepared {
  id: number
  parameters: number
  fields: FieldDef[]
}

/** Parses a statement without running it. It stays at the server until it is closed. */
export async function prepare(client: MyClient, sql: string): Promise<Prepared> {
  const prepared: Prepared = { id: 0, parameters: 0, fields: [] }
  let columns = -1
  let packets = 0
  const receive: Receive = (data, start, end) => {
    if (columns < 0) {
      const head = new PacketReader(data, start + 1, end)
      prepared.id = head.int(4)
      columns = head.int(2)
      prepared.parameters = head.int(2)
      // Each list of definitions ends with a packet of its own.
      packets = (columns > 0 ? columns + 1 : 0) + (prepared.parameters > 0 ? prepared.parameters + 1 : 0)
      return packets === 0
    }
    packets--
    if (packets <= columns && packets > 0) prepared.fields.push(parseField(data, start, end, client.extendedMetadata))
    return packets === 0
  }
  await exchange(client, [commandOf(COM_PREPARE, sql)], { receive })
  return prepared
}

/** The server gives no answer. */
export function closePrepared(client: MyClient, { id }: Prepared): Promise<void> {
  const body = Buffer.alloc(4)
  body.writeUInt32LE(id)
  return exchange(client, [commandOf(COM_CLOSE, body)])
}

/** Rolls back and forgets temporary tables, settings, variables, locks and prepared statements. */
export function resetConnection(client: MyClient): Promise<void> {
  return exchange(client, [commandOf(COM_RESET, '')], { receive: () => true })
}
