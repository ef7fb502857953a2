/** First byte of an answer. */
export const SERVER_OK = 0x00
export const SERVER_INFILE = 0xfb
export const SERVER_EOF = 0xfe
export const SERVER_ERROR = 0xff

/** Status flags that come with the end of an answer. */
export const IN_TRANSACTION = 0x0001
export const MORE_RESULTS = 0x0008
export const IN_READ_ONLY_TRANSACTION = 0x2000

/** What the server says when it refuses. */
export class ServerError extends Error {
  /** The server's error number, e.g. 1062. */
  readonly number: number
  readonly sqlState: string

  constructor(number: number, sqlState: string, message: string) {
    super(message)
    this.number = number
    this.sqlState = sqlState
  }
}

/** The end of a statement. */
export interface Ok {
  /** Rows changed; 0 after rows were returned. */
  affected: number
  status: number
  warnings: number
  /** e.g. `Records: 3  Deleted: 0  Skipped: 1  Warnings: 1`. */
  info: string
}

/** A column of a result, as the server defines it. */
export interface FieldDef {
  name: string
  schema: string
  /** The table's and the column's own names; empty for computed columns. */
  table: string
  column: string
  charset: number
  length: number
  type: number
  flags: number
  decimals: number
  /** MariaDB's own types, e.g. `uuid`, and formats, e.g. `json`. */
  extended: string
}

/** Reads the pieces of one packet in order. */
export class PacketReader {
  at: number
  private readonly data: Buffer
  private readonly end: number

  constructor(data: Buffer, start: number, end: number) {
    this.data = data
    this.at = start
    this.end = end
  }

  get left(): number {
    return this.end - this.at
  }

  int(bytes: number): number {
    const value = this.data.readUIntLE(this.at, bytes)
    this.at += bytes
    return value
  }

  /** A length-encoded number. */
  length(): number {
    const first = this.int(1)
    if (first < 0xfb) return first
    if (first === 0xfc) return this.int(2)
    if (first === 0xfd) return this.int(3)
    const value = Number(this.data.readBigUInt64LE(this.at))
    this.at += 8
    return value
  }

  text(): string {
    return this.string(this.length())
  }

  string(bytes: number): string {
    const value = this.data.toString('utf8', this.at, this.at + bytes)
    this.at += bytes
    return value
  }
}

export function parseError(data: Buffer, start: number, end: number): ServerError {
  const packet = new PacketReader(data, start + 1, end)
  const number = packet.int(2)
  const state = data[packet.at] === 0x23 ? packet.string(6).slice(1) : 'HY000'
  return new ServerError(number, state, packet.string(packet.left))
}

export function parseOk(data: Buffer, start: number, end: number): Ok {
  const packet = new PacketReader(data, start + 1, end)
  const affected = packet.length()
  packet.length()
  const status = packet.int(2)
  const warnings = packet.int(2)
  return { affected, status, warnings, info: packet.string(packet.left) }
}

export function parseEnd(data: Buffer, start: number, end: number): Ok {
  const packet = new PacketReader(data, start + 1, end)
  const warnings = packet.int(2)
  return { affected: 0, warnings, status: packet.int(2), info: '' }
}

/** Rows may begin with the same byte, but are longer. */
export const isEnd = (data: Buffer, start: number, end: number) => data[start] === SERVER_EOF && end - start < 9

export function parseField(data: Buffer, start: number, end: number, extendedMetadata: boolean): FieldDef {
  const packet = new PacketReader(data, start, end)
  packet.text()
  const schema = packet.text()
  packet.text()
  const table = packet.text()
  const name = packet.text()
  const column = packet.text()
  const extended = extendedMetadata ? extendedType(packet) : ''
  packet.int(1)
  return {
    name,
    schema,
    table,
    column,
    extended,
    charset: packet.int(2),
    length: packet.int(4),
    type: packet.int(1),
    flags: packet.int(2),
    decimals: packet.int(1),
  }
}

/** Pairs of a kind (0 type, 1 format) and its name; one of them says all. */
function extendedType(packet: PacketReader): string {
  const size = packet.length()
  const end = packet.at + size
  let found = ''
  while (packet.at < end) {
    packet.int(1)
    found = packet.text()
  }
  return found
}
