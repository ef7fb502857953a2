import { getQuickJS } from 'quickjs-emscripten'
import { AppError } from '../../../../shared/errors.ts'
import { lineStart } from './lines.ts'

/** Reads code without running it. @throws AppError CODE_SYNTAX with the position of the line */
export async function checkSyntax(code: string): Promise<void> {
  const quickjs = await getQuickJS()
  using runtime = quickjs.newRuntime({ memoryLimitBytes: 64 * 1024 * 1024, maxStackSizeBytes: 256 * 1024 })
  using vm = runtime.newContext()
  const result = vm.evalCode(code, 'code.js', { compileOnly: true })
  if (!('error' in result) || result.error === undefined) {
    result.value.dispose()
    return
  }
  const dumped: unknown = result.error.consume((handle) => vm.dump(handle))
  const text = (name: string) =>
    typeof dumped === 'object' && dumped !== null && name in dumped
      ? String(Object.entries(dumped).find(([key]) => key === name)?.[1])
      : ''
  const line = Number(/code\.js:(\d+)/.exec(text('stack'))?.[1] ?? 1)
  throw new AppError('CODE_SYNTAX', `The code cannot be read, line ${line}: ${text('message')}.`, {
    at: { field: 'code', position: lineStart(code, line) },
  })
}
