import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

export type Environment = Readonly<Record<string, string | undefined>>

/** The folder of the workspace: `SLUICE_HOME`, else the place the system has for a user's program data. Not created here. */
export function workspaceHome(env: Environment, platform: NodeJS.Platform = process.platform): string {
  if (env.SLUICE_HOME) return resolve(env.SLUICE_HOME)
  const user = env.HOME ?? homedir()
  if (platform === 'win32') return join(env.APPDATA ?? join(env.USERPROFILE ?? user, 'AppData', 'Roaming'), 'Sluice')
  if (platform === 'darwin') return join(user, 'Library', 'Application Support', 'Sluice')
  return join(env.XDG_DATA_HOME || join(user, '.local', 'share'), 'sluice')
}

/** Where a run keeps its files; nothing else may be put there, because retention removes it whole. */
export function runFolder(home: string, runId: string): string {
  return join(home, 'runs', runId)
}

/** `My shop-2` → `MY_SHOP_2`, for SLUICE_CONNECTION_… and SLUICE_SECRET_…. */
export function environmentName(prefix: string, name: string): string {
  return prefix + name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')
}

/** A name as it is typed in a shell, quoted where it must be. */
export function shellWord(text: string): string {
  return /^[\w.-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
