import { AppError } from '../../../shared/errors.ts'
import { type CliContext, readStdin } from './context.ts'

/** Where a secret may come from, other than the command line itself, which other users of the machine can see. */
export interface SecretOptions {
  /** Read it from stdin, to the end of the first line. */
  stdin?: boolean | undefined
  /** Read it from this environment variable. */
  env?: string | undefined
}

/** A secret from stdin, the environment, or, on a terminal, asked for without echo; undefined when there is nowhere to ask. */
export async function secretFrom(
  context: CliContext,
  question: string,
  { stdin, env }: SecretOptions,
): Promise<string | undefined> {
  if (stdin) return readStdin().split(/\r?\n/, 1)[0] ?? ''
  if (env !== undefined) {
    const value = context.env[env]
    if (value !== undefined) return value
    throw new AppError('CONFIG_INVALID', `The environment variable ${env} is not set.`, {
      hint: 'Set it, or leave the option out.',
    })
  }
  return process.stdin.isTTY ? ask(context, question) : undefined
}

/** Asks on the terminal; what is typed is not shown. @throws AppError RUN_CANCELLED on Ctrl-C */
function ask({ err }: CliContext, question: string): Promise<string> {
  const { stdin } = process
  err.write(question)
  stdin.setRawMode(true)
  stdin.setEncoding('utf8')
  stdin.resume()
  return new Promise((resolve, reject) => {
    let typed = ''
    const finish = (done: () => void) => {
      stdin.off('data', take)
      stdin.setRawMode(false)
      stdin.pause()
      err.line()
      done()
    }
    const take = (piece: string) => {
      for (const char of piece) {
        if (char === '\r' || char === '\n' || char === '\u0004') return finish(() => resolve(typed))
        if (char === '\u0003') return finish(() => reject(new AppError('RUN_CANCELLED', 'Nothing was saved.')))
        if (char === '\u007f' || char === '\b') typed = [...typed].slice(0, -1).join('')
        else if (char >= ' ') typed += char
      }
    }
    stdin.on('data', take)
  })
}
