import { AppError, type ErrorFields } from '../../../shared/errors.ts'

/** A name that is neither a table of a connection nor a common table expression. */
export const noTable = (name: string, rest: ErrorFields) =>
  new AppError('QUERY_MISSING', `There is no table ${name} here.`, {
    ...rest,
    hint: 'Name it with its connection: connection.table or connection.schema.table.',
  })

/** The binder's complaint in words for someone who names tables of several databases. */
export function inWords(error: AppError): AppError {
  const name = /^Table with name "?(.+?)"? does not exist/.exec(error.message)?.[1]
  const called = /^(?:Scalar |Aggregate |Table )?Function with name (\S+) does not exist/.exec(error.message)?.[1]
  const { code, hint, at, retryable, sqlState, cause } = error
  const rest = { at, retryable, sqlState, cause }
  if (name !== undefined) {
    return noTable(name, rest)
  }
  const schema = /^Schema with name (\S+) does not exist/.exec(error.message)?.[1]
  if (schema !== undefined) {
    return new AppError('QUERY_MISSING', `There is no schema ${schema} here.`, {
      ...rest,
      hint: 'What a database tells of itself is asked on its own connection.',
    })
  }
  const parameter = /^The pipeline has no parameter "(.+)"/.exec(error.message)?.[1]
  if (parameter !== undefined) {
    return new AppError(code, `The statement uses :${parameter}, but no value is given for it.`, {
      ...rest,
      hint: 'Give it one, or put the colon in quotes if no parameter is meant.',
    })
  }
  const file = /^Cannot access file "(.+?)"/.exec(error.message)?.[1]
  if (file !== undefined) {
    return new AppError('QUERY_DENIED', `The file ${file} cannot be read here: only tables of connections can.`, {
      ...rest,
      hint: 'Files are read by a file node of a pipeline.',
    })
  }
  if (called !== undefined) return new AppError(code, `There is no function ${called}.`, { ...rest, hint })
  return new AppError(code, error.message.replace(/!+$/, '.').replace(/^s(?=yntax error)/, 'S'), {
    ...rest,
    hint: hint?.replace('Columns that arrive', 'Nearest columns'),
  })
}
