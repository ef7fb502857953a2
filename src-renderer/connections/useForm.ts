import { useEffect, useMemo, useRef, useState } from 'react'
import type { ConnectionTest } from '../../shared/contract/connections.ts'
import { api, asAppError } from '../api/client.ts'
import { showNotice } from '../ui/notify.ts'
import { configOf, type Draft, withConfig, withText } from './draft.ts'
import { type Problems, problemsOf } from './problems.ts'
import { useRefresh } from './queries.ts'
import { useConnectionsState } from './state.ts'

export type Testing = { state: 'running' } | { state: 'done'; test: ConnectionTest }

export interface Form {
  draft: Draft
  /** Shown once a field was left, or saving was tried. */
  problems: Problems
  testing: Testing | undefined
  saving: boolean
  /** What saving said, by path; `name` when it belongs to no field. */
  set(path: string, text: string): void
  change(edit: (draft: Draft) => Draft): void
  leave(path: string): void
  readUrl(url: string): Promise<string | undefined>
  test(): Promise<void>
  stopTest(): void
  save(andTest: boolean): Promise<void>
}

/** The form of a connection: what it holds, what is wrong with it, and what can be done with it. */
export function useForm(initial: Draft, saved: string | undefined, taken: readonly string[]): Form {
  const [draft, setDraft] = useState(initial)
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const [tried, setTried] = useState(false)
  const [refused, setRefused] = useState<Problems>({})
  const [testing, setTesting] = useState<Testing>()
  const [saving, setSaving] = useState(false)
  const running = useRef<AbortController>(undefined)
  const refresh = useRefresh()
  const all = useMemo(() => problemsOf(draft, taken), [draft, taken])
  const shown = { ...refused, ...Object.fromEntries(Object.entries(all).filter(([path]) => tried || left.has(path))) }

  useEffect(() => () => running.current?.abort(), [])

  const change = (edit: (draft: Draft) => Draft) => {
    setDraft(edit)
    setRefused({})
    setTesting((now) => (now?.state === 'running' ? now : undefined))
    useConnectionsState.setState({ edited: true })
  }
  const test = async () => {
    setTried(true)
    const { name: _unnamed, ...others } = all
    if (Object.keys(others).length > 0) return
    running.current?.abort()
    const abort = new AbortController()
    running.current = abort
    setTesting({ state: 'running' })
    try {
      const input = { name: saved ?? (draft.name.trim() || 'new connection'), config: configOf(draft) }
      const answer = await api.connections.test(input, { signal: abort.signal })
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
  const save = async (andTest: boolean) => {
    setTried(true)
    if (Object.keys(all).length > 0) return
    setSaving(true)
    try {
      const name = draft.name.trim()
      if (saved !== undefined && saved !== name) await api.connections.rename({ name: saved, to: name })
      await api.connections.save({ name, config: configOf(draft), create: saved === undefined })
      if (andTest) await test()
      else showNotice(`The connection ${name} is saved.`)
      await refresh()
      useConnectionsState.setState({ shown: { kind: 'saved', name }, edited: false })
    } catch (thrown) {
      const { message, hint, at } = asAppError(thrown)
      setRefused({ [at.field ?? 'save']: hint === undefined ? message : `${message} ${hint}` })
    } finally {
      setSaving(false)
    }
  }
  return {
    draft,
    problems: shown,
    testing,
    saving,
    set: (path, text) => change((before) => withText(before, path, text)),
    change,
    leave: (path) => setLeft((before) => (before.has(path) ? before : new Set([...before, path]))),
    async readUrl(url) {
      try {
        const config = await api.connections.parseUrl({ url: url.trim() })
        change((before) => withConfig(before, config))
        return undefined
      } catch (thrown) {
        const { message, hint } = asAppError(thrown)
        return hint === undefined ? message : `${message} ${hint}`
      }
    },
    test,
    stopTest,
    save,
  }
}
