import {
  getQuickJS,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSRuntime,
  type VmCallResult,
} from 'quickjs-emscripten'
import { isObject } from '../../../../shared/data/json-path.ts'
import { glue } from './glue.ts'
import type { SandboxCall, SandboxFailure, SandboxOptions, SandboxReply } from './protocol.ts'

/** The name under which the engine of the sandbox knows the user's code, found again in its stack traces. */
const fileName = 'code.js'
const mostLogs = 100
const longestLog = 1000

export interface Sandbox {
  answer(call: SandboxCall): SandboxReply
}

/** Puts the code into a QuickJS of its own, with nothing but the language around it. Never throws: the first answer tells. */
export async function openSandbox(options: SandboxOptions): Promise<Sandbox> {
  const quickjs = await getQuickJS()
  const runtime = quickjs.newRuntime()
  runtime.setMemoryLimit(options.memoryMb * 1024 * 1024)
  runtime.setMaxStackSize(256 * 1024)
  return new RunningSandbox(runtime, runtime.newContext(), options)
}

/** What was thrown, as the glue or the virtual machine shows it; all of it may be forged, so it is text and nothing more. */
function thrownText(value: unknown): { row: number; name: string; message: string; stack: string } {
  const field = (name: string) => (isObject(value) ? value[name] : undefined)
  const text = (name: string, otherwise: string) => (typeof field(name) === 'string' ? String(field(name)) : otherwise)
  const row = field('row')
  return {
    row: typeof row === 'number' ? row : -1,
    name: text('name', 'thrown'),
    message: text('message', 'something that is no Error was thrown'),
    stack: text('stack', ''),
  }
}

class RunningSandbox implements Sandbox {
  private readonly runtime: QuickJSRuntime
  private readonly vm: QuickJSContext
  private readonly options: SandboxOptions
  private runner: QuickJSHandle | undefined
  private logs: string[] = []
  private logged = 0

  constructor(runtime: QuickJSRuntime, vm: QuickJSContext, options: SandboxOptions) {
    this.runtime = runtime
    this.vm = vm
    this.options = options
  }

  answer(call: SandboxCall): SandboxReply {
    const deadline = performance.now() + this.options.batchSeconds * 1000
    this.runtime.setInterruptHandler(() => performance.now() > deadline)
    const result = this.attempt(call)
    const logs = this.logs
    this.logs = []
    return { ...result, logs }
  }

  private attempt(call: SandboxCall): Omit<SandboxReply, 'logs'> {
    try {
      if (call.call === 'start') this.load()
      return this.batch(call)
    } catch (error) {
      if (error instanceof Failed) return { failure: error.failure }
      // The machine itself gave up (its stack is the thread's): nothing of the sandbox can be used again.
      return { failure: limit('The code calls itself too deeply.') }
    }
  }

  /** Runs the glue, then the user's code once, and picks up its functions. */
  private load(): void {
    const { vm, options } = this
    const log = vm.newFunction('log', (text) => this.log(vm.getString(text)))
    const made = this.value(vm.evalCode(glue, 'glue.js'))
    const tools = this.value(vm.callFunction(made, vm.undefined, log))
    this.value(
      vm.callFunction(vm.getProp(tools, 'params'), tools, vm.newString(JSON.stringify(options.params))),
    ).dispose()
    this.value(vm.evalCode(options.code, fileName)).dispose()
    const own = (name: string) =>
      this.value(vm.evalCode(`typeof ${name} === 'function' ? ${name} : undefined`, 'glue.js'))
    const row = own('row')
    if (vm.typeof(row) !== 'function') {
      throw new Failed({ code: 'CODE_SYNTAX', message: 'The code defines no function row(r, i).' })
    }
    const columns = vm.newString(JSON.stringify({ input: options.input, output: options.output }))
    this.runner = this.value(
      vm.callFunction(vm.getProp(tools, 'runner'), tools, columns, row, own('start'), own('end')),
    )
  }

  private batch(call: SandboxCall): Omit<SandboxReply, 'logs'> {
    const { vm, runner } = this
    if (runner === undefined) throw new Error('The sandbox was not started.')
    const args = call.call === 'rows' ? [vm.newString(call.rows), vm.newNumber(call.first)] : []
    const work = vm.getProp(runner, call.call)
    try {
      const handle = this.value(vm.callFunction(work, runner, ...args))
      const text = vm.getString(handle)
      handle.dispose()
      if (text.startsWith('[')) return { rows: text }
      const error = thrownText(JSON.parse(text))
      return { failure: failureOf(error.name, error.message, error.stack, error.row, this.options) }
    } finally {
      work.dispose()
      for (const arg of args) arg.dispose()
    }
  }

  private value(result: VmCallResult<QuickJSHandle>): QuickJSHandle {
    if (!('error' in result) || result.error === undefined) return result.value
    const dumped = thrownText(this.vm.dump(result.error))
    result.error.dispose()
    throw new Failed(failureOf(dumped.name, dumped.message, dumped.stack, this.currentRow(), this.options))
  }

  /** The number of the row at work, from 0; -1 when none is. */
  private currentRow(): number {
    if (this.runner === undefined) return -1
    const deadline = performance.now() + 1000
    this.runtime.setInterruptHandler(() => performance.now() > deadline)
    const where = this.vm.getProp(this.runner, 'where')
    const result = this.vm.callFunction(where, this.runner)
    where.dispose()
    if ('error' in result && result.error !== undefined) return -1
    return result.value.consume((handle) => this.vm.getNumber(handle))
  }

  private log(text: string): void {
    this.logged++
    if (this.logged === mostLogs + 1) this.logs.push(`More than ${mostLogs} lines; the rest is left out.`)
    if (this.logged <= mostLogs) this.logs.push(text.slice(0, longestLog))
  }
}

class Failed extends Error {
  readonly failure: SandboxFailure

  constructor(failure: SandboxFailure) {
    super(failure.message)
    this.failure = failure
  }
}

const bigIntHint =
  'Values of int64 columns are BigInt: reckon with 1n instead of 1, or turn them into numbers with Number(…).'

const limit = (message: string, hint?: string): SandboxFailure => ({
  code: 'CODE_LIMIT',
  message,
  ...(hint === undefined ? {} : { hint }),
})

function failureOf(name: string, message: string, stack: string, row: number, options: SandboxOptions): SandboxFailure {
  const line = Number(/code\.js:(\d+)/.exec(stack)?.[1])
  const place = `${row >= 0 ? ` at row ${row + 1}` : ''}${line > 0 ? `, line ${line}` : ''}`
  const at = line > 0 ? { line } : {}
  if (name === 'InternalError' && message === 'interrupted') {
    return {
      ...limit(
        `The code took longer than ${options.batchSeconds} s${place}.`,
        'Raise "batchSeconds", or make it do less per row.',
      ),
      ...at,
    }
  }
  if (name === 'InternalError' && message === 'out of memory') {
    return {
      ...limit(
        `The code used more than ${options.memoryMb} MiB${place}.`,
        'Raise "memoryMb", or keep less between rows.',
      ),
      ...at,
    }
  }
  if (name === 'InternalError' && message === 'stack overflow')
    return { ...limit(`The code calls itself too deeply${place}.`), ...at }
  if (name === 'SyntaxError' && row < 0) {
    return { code: 'CODE_SYNTAX', message: `The code cannot be read${place}: ${message}.`, ...at }
  }
  const what = name === 'thrown' ? message : `${name}: ${message}`
  const hint = /bigint/i.test(message) ? { hint: bigIntHint } : {}
  return { code: 'CODE_THREW', message: `The code failed${place}: ${what}`, ...hint, ...at }
}
