import { executeBody, textValue, type WireValue } from './params.ts'
import { exchange, type MyClient } from './protocol.ts'
import { closePrepared, executeCommand, following, prepare, queryCommand, runQuery } from './results.ts'

/** A query ready to be sent. */
export interface OpenQuery {
  payload: Uint8Array
  /** Whether its rows come in the binary protocol. */
  binary: boolean
  /** Frees what the server keeps for it. */
  close?(): Promise<void>
}

const STATEMENT = 'sluice_query'

/**
 * Binds values and says how to fetch the rows. As text they are more than twice as fast to pass on, because the server has already
 * written the digits: the values then travel as variables that a prepared statement of SQL's own uses. Only 32-bit floats, which lose
 * digits as text, ask for the binary protocol.
 */
export async function openQuery(
  client: MyClient,
  sql: string,
  values: readonly WireValue[],
  binary: boolean,
): Promise<OpenQuery> {
  if (binary) {
    const prepared = await prepare(client, sql)
    return {
      payload: executeCommand(executeBody(prepared, values)),
      binary,
      close: () => closePrepared(client, prepared),
    }
  }
  if (values.length === 0) return { payload: queryCommand(sql), binary }
  const variables = values.map((_, index) => `@${STATEMENT}_${index}`)
  const assignments = ['?', ...values.map(() => '?')].map(
    (mark, index) => `${index === 0 ? `@${STATEMENT}` : variables[index - 1]} = ${mark}`,
  )
  const set = await prepare(client, `set ${assignments.join(', ')}`)
  const command = executeCommand(executeBody(set, [textValue(Buffer.from(sql)), ...values]))
  await exchange(client, [command], following(client, {})).finally(() => closePrepared(client, set))
  await runQuery(client, `prepare ${STATEMENT} from @${STATEMENT}`)
  return {
    payload: queryCommand(`execute ${STATEMENT} using ${variables.join(', ')}`),
    binary,
    close: () => runQuery(client, `deallocate prepare ${STATEMENT}`),
  }
}
