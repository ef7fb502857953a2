import { create } from 'zustand'

interface LinkState {
  /** How often the page has joined an engine process; whoever holds a stream opens it again when this grows. */
  times: number
  connected: boolean
  joined(): void
  lost(): void
}

/** Whether the engine process can be reached. */
export const useLink = create<LinkState>()((set) => ({
  times: 0,
  connected: false,
  joined: () => set(({ times }) => ({ times: times + 1, connected: true })),
  lost: () => set({ connected: false }),
}))
