import { create } from 'zustand'

/** The parameter whose field is to take the focus, by tab; once for each object. */
export const useAsked = create<{ asked: { tab: string; name: string } | null }>()(() => ({ asked: null }))

export const askForValues = (tab: string, name: string) => useAsked.setState({ asked: { tab, name } })
