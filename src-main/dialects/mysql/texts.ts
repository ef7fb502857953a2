import { type Ok, PacketReader } from './packets.ts'
import type { MyClient } from './protocol.ts'
import { runQuery } from './results.ts'

const NULL = 0xfb

/** Runs a statement of our own and returns the text of its rows. */
export async function readTexts(client: MyClient, sql: string, end?: (ok: Ok) => void): Promise<(string | null)[][]> {
  const rows: (string | null)[][] = []
  let columns = 0
  await runQuery(client, sql, {
    fields: (fields) => {
      columns = fields.length
    },
    row: (data, start, end) => rows.push(textsOf(data, start, end, columns)),
    ...(end ? { end } : {}),
  })
  return rows
}

function textsOf(data: Buffer, start: number, end: number, columns: number): (string | null)[] {
  const packet = new PacketReader(data, start, end)
  return Array.from({ length: columns }, () => {
    if (data[packet.at] !== NULL) return packet.text()
    packet.at++
    return null
  })
}
