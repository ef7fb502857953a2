import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { AppError } from '../../../../shared/errors.ts'
import { openInBrowser } from '../../server/open.ts'
import { builtPage } from '../../server/page.ts'
import { serve as startServer } from '../../server/serve.ts'
import type { Define } from '../command.ts'
import type { CliContext } from '../context.ts'
import { port } from '../options.ts'

export const define: Define = (program, act) => {
  program
    .command('serve')
    .summary('open the editor in a browser')
    .description(
      'Serves the editor to browsers on this machine, until Ctrl-C. The address printed holds the key to it.',
    )
    .option('--port <number>', 'port to listen on; any free one when left out', port, 0)
    .option('--open', 'open it in the browser of the system, too')
    .addHelpText(
      'after',
      `
Examples:
  $ sluice serve --open
  $ sluice serve --port 8321

It listens on 127.0.0.1 only. To reach it from another machine, forward the port: ssh -L 8321:127.0.0.1:8321 HOST`,
    )
    .action(act(serve))
}

async function serve(context: CliContext, options: { port: number; open?: boolean }): Promise<number> {
  const served = await startServer({
    port: options.port,
    page: builtPage(pageFolder()),
    onCrash: () => context.err.line('The engine stopped unexpectedly and starts again.'),
  })
  context.out.line(served.url)
  if (options.open) {
    openInBrowser(served.ticket()).catch(() => context.err.line('No browser could be opened. Use the address above.'))
  }
  if (!context.signal.aborted) {
    await new Promise<void>((resolve) => context.signal.addEventListener('abort', () => resolve(), { once: true }))
  }
  await served.close()
  return 0
}

/** The built page, one folder beside the build, or in the build of a checkout. */
function pageFolder(): string {
  const places = ['../renderer', '../../../../dist/renderer'].map((place) =>
    fileURLToPath(new URL(place, import.meta.url)),
  )
  const found = places.find((place) => existsSync(`${place}/index.html`))
  if (found !== undefined) return found
  throw new AppError('FILE_MISSING', 'The editor is not built here yet.', { hint: 'In a checkout, run: npm run build' })
}
