import { asAppError } from '../api/client.ts'
import { showError } from '../ui/notify.ts'
import type { Command } from './define.ts'

/** Does what a command says, if it can be done now; what goes wrong is shown. */
export async function perform(command: Command): Promise<void> {
  if (command.enabled && !command.enabled()) return
  try {
    await command.run()
  } catch (thrown) {
    showError(asAppError(thrown), `${command.title.replace(/…$/, '')} did not work`)
  }
}
