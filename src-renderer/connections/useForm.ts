import { useEffect, useMemo, useRef, useState } from 'react'
import type { ConnectionConfig } from '../../shared/connections.ts'
import type { ConnectionTest } from '../../shared/contract/connections.ts'
import { api, asAppError } from '../api/client.ts'
import { renameSaved } from './actions.ts'
import { configOf, type Draft, draftOf, withReadUrl, withText } from './draft.ts'
import { type Problems, problemsOf } from './problems.ts'
import { useRefresh } from './queries.ts'
import { useConnectionsState } from './state.ts'

export type Testing = { state: 'running' } | { state: 'done'; test: ConnectionTest }

/** What is to be said of a URL that was read: why it cannot be, or what it says without a meaning here. */
export interface ReadUrl {
  problem?: string
  note?: string
}

export interface Form {
  draft: Draft
  /** Shown once a field was left, or saving was tried. */
  problems: Problems
  testing: Testing | undefined
  saving: boolean
  /** Everything the form holds was saved a moment ago. */
  kept: boolean
  set(path: string, text: string): void
  change(edit: (draft: Draft) => Draft): void
  leave(path: string): void
  /** Of the URL that was read last. */
  said: ReadUrl
  forgetSaid(): void
  /** @returns whether it could be read */
  readUrl(url: string): Promise<boolean>
  test(): Promise<void>
  stopTest(): void
  /** @returns where something is wrong, when it cannot be saved for that */
  save(andTest: boolean): Promise<string | undefined>
}

/** The form of a connection: what it holds, what is wrong with it, and what can be done with it. */
export function useForm(initial: Draft, saved: string | undefined, taken: readonly string[]): Form {
  const [draft, setDraft] = useState(initial)
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const [tried, setTried] = useState(false)
  const [refused, setRefused] = useState<Problems>({})
  const [testing, setTesting] = useState<Testing>()
  const [said, setSaid] = useState<ReadUrl>({})
  const [saving, setSaving] = useState(false)
  const [kept, setKept] = useState(false)
  const running = useRef<AbortController>(undefined)
  /** What the form holds now, also while the page has not been drawn anew. */
  const latest = useRef(initial)
  /** A URL that is being read: what follows waits for what it says. */
  const reading = useRef<Promise<unknown>>(undefined)
  const refresh = useRefresh()
  const all = useMemo(() => problemsOf(draft, taken), [draft, taken])
  const shown = { ...refused, ...Object.fromEntries(Object.entries(all).filter(([path]) => tried || left.has(path))) }

  useEffect(() => () => running.current?.abort(), [])
  const named = useRef(saved)
  useEffect(() => {
    const before = named.current
    named.current = saved
    // Renamed from its card, or in another window.
    if (saved === undefined || before === undefined || latest.current.name.trim() !== before) return
    latest.current = { ...latest.current, name: saved }
    setDraft(latest.current)
  }, [saved])

  const change = (edit: (draft: Draft) => Draft) => {
    latest.current = edit(latest.current)
    setDraft(latest.current)
    setRefused({})
    setKept(false)
    setTesting((now) => (now?.state === 'running' ? now : undefined))
    useConnectionsState.setState({ edited: true })
  }
  const readUrl = async (url: string): Promise<boolean> => {
    const before = latest.current
    try {
      const { config, left } = await api.connections.parseUrl({ url: url.trim() })
      change((now) => withReadUrl(now, config, before))
      setSaid(left.length === 0 ? {} : { note: `Left out, as it has no meaning here: ${left.join(', ')}.` })
      return true
    } catch (thrown) {
      const { message, hint } = asAppError(thrown)
      setSaid({ problem: hint === undefined ? message : `${message} ${hint}` })
      return false
    }
  }
  const test = async () => {
    setTried(true)
    await reading.current
    const now = latest.current
    const { name: _unnamed, ...others } = problemsOf(now, taken)
    if (Object.keys(others).length > 0) return
    await tryOut(saved ?? (now.name.trim() || 'new connection'), configOf(now))
  }
  const tryOut = async (name: string, config: ConnectionConfig) => {
    running.current?.abort()
    const abort = new AbortController()
    running.current = abort
    setTesting({ state: 'running' })
    try {
      const answer = await api.connections.test({ name, config }, { signal: abort.signal })
      if (!abort.signal.aborted) setTesting({ state: 'done', test: answer })
    } catch (thrown) {
      if (abort.signal.aborted) return
      const error = asAppError(thrown).toJSON()
      setTesting({ state: 'done', test: { ok: false, ms: 0, error } })
    }
  }
  const stopTest = () => {
    running.current?.abort()
    setTesting(undefined)
  }
  const save = async (andTest: boolean): Promise<string | undefined> => {
    setTried(true)
    await reading.current
    const now = latest.current
    const [wrong] = Object.keys(problemsOf(now, taken))
    if (wrong !== undefined) return wrong
    setSaving(true)
    try {
      const name = now.name.trim()
      if (saved !== undefined && saved !== name) await renameSaved(saved, name)
      await api.connections.save({ name, config: configOf(now), create: saved === undefined })
      await refresh()
      const fresh = (await api.connections.list()).find((one) => one.name === name)
      // What was typed into secrets leaves the page.
      if (fresh) {
        latest.current = draftOf(name, fresh.config)
        setDraft(latest.current)
      }
      const { shown: before } = useConnectionsState.getState()
      useConnectionsState.setState({
        shown: { kind: 'saved', id: before?.id ?? '', name },
        edited: false,
      })
      setTesting(undefined)
      setKept(true)
      if (andTest) await tryOut(name, fresh?.config ?? configOf(now))
      return undefined
    } catch (thrown) {
      const { message, hint, at } = asAppError(thrown)
      setRefused({ [at.field === 'name' ? 'name' : 'save']: hint === undefined ? message : `${message} ${hint}` })
      return undefined
    } finally {
      setSaving(false)
    }
  }
  return {
    draft,
    problems: shown,
    testing,
    saving,
    kept,
    said,
    forgetSaid: () => setSaid({}),
    set: (path, text) => change((before) => withText(before, path, text)),
    change,
    leave: (path) => setLeft((before) => (before.has(path) ? before : new Set([...before, path]))),
    readUrl(url) {
      const read = readUrl(url)
      reading.current = read
      return read
    },
    test,
    stopTest,
    save,
  }
}
