import { api } from './context.ts'

export const vault = {
  state: api.vault.state.handler(({ context }) => context.workspace.vault.state()),
  unlock: api.vault.unlock.handler(async ({ context, input }) => {
    const { vault: kept } = context.workspace
    await kept.unlock(input.passphrase)
    return kept.state()
  }),
  change: api.vault.change.handler(async ({ context, input }) => {
    const { vault: kept } = context.workspace
    const dropped = await kept.change(input)
    return { state: await kept.state(), dropped }
  }),
  secrets: api.vault.secrets.handler(({ context }) => context.workspace.secrets.list()),
  keepSecret: api.vault.keepSecret.handler(({ context, input }) =>
    context.workspace.secrets.set(input.name, input.value),
  ),
}
