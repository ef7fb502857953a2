/** Lets the test run functions in the main process, as Playwright does with the real one. */
export function takeCalls(): void {
  process.on('message', (message: { type: string; id: number; source: string; argument: unknown }) => {
    if (message.type !== 'evaluate') return
    void evaluate(message.source, message.argument).then(
      (value) => process.send?.({ type: 'result', id: message.id, value }),
      (error: unknown) => process.send?.({ type: 'result', id: message.id, error: String(error) }),
    )
  })
  // The test has ended without ending this.
  process.on('disconnect', () => process.exit(1))
}

async function evaluate(source: string, argument: unknown): Promise<unknown> {
  const call: unknown = new Function('electron', 'argument', `return (${source})(electron, argument)`)
  return typeof call === 'function' ? await call(await import('./electron.ts'), argument) : undefined
}
