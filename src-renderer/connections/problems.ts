import { configOf, type Draft, isMasked } from './draft.ts'
import { dialectForms } from './fields.ts'

/** What is wrong with a draft, in words, by path. */
export type Problems = Readonly<Record<string, string>>

const wholeReference = /\$\{[A-Za-z_][A-Za-z0-9_]*(?::-[^}]*)?\}/g

/** @param taken names of other connections */
export function problemsOf(draft: Draft, taken: readonly string[]): Problems {
  const { dialect, texts, tunnel } = draft
  const { server } = dialectForms[dialect]
  const problems: Record<string, string> = {}
  const say = (path: string, problem: string | undefined) => {
    if (problem !== undefined) problems[path] ??= problem
  }
  const text = (path: string) => texts[path]?.trim() ?? ''
  say('name', nameProblem(draft.name, taken))
  if (dialect === 'sqlite' && text('file') === '') say('file', 'Pick a database file, or create a new one.')
  if (server) {
    say('host', hostProblem(text('host')))
    say('port', portProblem(text('port')))
    if (text('tls.cert') !== '' && text('tls.key') === '') say('tls.key', 'The client certificate needs its key.')
    if (text('tls.key') !== '' && text('tls.cert') === '') say('tls.cert', 'The client key needs its certificate.')
    say('pool.max', wholeProblem(text('pool.max'), 1, 100))
    say('pool.idleMs', wholeProblem(text('pool.idleMs'), 0, 86_400_000))
    say('pool.acquireMs', wholeProblem(text('pool.acquireMs'), 1, 86_400_000))
    if (tunnel !== 'off') {
      say(
        'tunnel.host',
        text('tunnel.host') === '' ? 'Give the host of the SSH server.' : hostProblem(text('tunnel.host')),
      )
      say('tunnel.port', portProblem(text('tunnel.port')))
      if (tunnel === 'key' && text('tunnel.key') === '')
        say('tunnel.key', 'Give the file or the text of a private key.')
      if (text('host').startsWith('/')) say('host', 'Through a tunnel, give a host instead of a socket.')
    }
  }
  for (const [path, value] of Object.entries(texts)) say(path, referenceProblem(path, value))
  optionProblems(draft, say)
  if (Object.keys(problems).length === 0 && !fits(draft)) say('name', 'Something in the form is not valid.')
  return problems
}

function fits(draft: Draft): boolean {
  try {
    configOf(draft)
    return true
  } catch {
    return false
  }
}

export function nameProblem(name: string, taken: readonly string[]): string | undefined {
  const trimmed = name.trim()
  if (trimmed === '') return 'Give the connection a name.'
  if (trimmed.includes('=')) return 'A name cannot hold an equals sign.'
  if (trimmed.length > 100) return 'A name has 100 characters at most.'
  return taken.includes(trimmed) ? `There is a connection "${trimmed}" already.` : undefined
}

function hostProblem(host: string): string | undefined {
  const plain = host.replaceAll(wholeReference, 'x')
  if (/\s/.test(plain)) return 'A host holds no spaces.'
  if (/^[a-z]+:\/\//i.test(plain)) return 'This is a URL: paste it into the URL field.'
  if (/^[^:[\]]+:\d+$/.test(plain)) return 'The port has a field of its own.'
  return !plain.startsWith('/') && plain.includes('/') ? 'A host holds no slash.' : undefined
}

function portProblem(port: string): string | undefined {
  return wholeProblem(port, 1, 65_535) && 'A port is a whole number from 1 to 65535.'
}

function wholeProblem(text: string, min: number, max: number): string | undefined {
  const number = Number(text)
  if (text === '' || (/^\d+$/.test(text) && number >= min && number <= max)) return undefined
  return `This is a whole number from ${min} to ${max}.`
}

function referenceProblem(path: string, value: string): string | undefined {
  const secret = path === 'password' || /^(?:tunnel\.(?:password|passphrase|key)|tls\.key)$/.test(path)
  if (secret || isMasked(value) || !value.replaceAll(wholeReference, '').includes('${')) return undefined
  return `A reference to the environment is written \${NAME} or \${NAME:-default}.`
}

function optionProblems({ options }: Draft, say: (path: string, problem: string) => void): void {
  const names = options.map(({ name }) => name.trim())
  for (const { id, name, value } of options) {
    if (name.trim() === '' && value.trim() !== '') say(`driver.${id}`, 'Name the option.')
    if (name.trim() !== '' && names.filter((other) => other === name.trim()).length > 1)
      say(`driver.${id}`, 'This option is there twice.')
  }
}
