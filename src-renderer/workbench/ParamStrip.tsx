import { NativeSelect, TextInput } from '@mantine/core'
import { useEffect, useId, useRef } from 'react'
import type { QueryValue } from '../../shared/contract/queries.ts'
import { toAppError } from '../../shared/errors.ts'
import { resolveParameters } from '../../shared/pipeline/parameters.ts'
import { parameterTypes } from '../../shared/pipeline/schema.ts'
import type { SqlDialect } from '../../shared/sql/placeholders.ts'
import { parametersOf } from '../../shared/sql/statements.ts'
import classes from './ParamStrip.module.css'
import { useAsked } from './params.ts'
import { changeTab, type QueryTab } from './tabs.ts'

/** A field for each `:name` of the text, remembered with the tab. */
export function ParamStrip({ tab, dialect }: { tab: QueryTab; dialect: SqlDialect }) {
  const names = parametersOf(tab.sql, dialect)
  if (names.length === 0) return null
  return (
    <section className={classes.params} aria-label="Parameters">
      {names.map((name) => (
        <ParamField key={name} tab={tab} name={name} />
      ))}
    </section>
  )
}

/** What stands beside the types: values that cannot be told from a field that nobody has typed into. */
const emptyText = 'empty text'
const nothing = 'NULL'

function ParamField({ tab, name }: { tab: QueryTab; name: string }) {
  const input = useRef<HTMLInputElement>(null)
  const message = useRef<HTMLDivElement>(null)
  const messageId = useId()
  const asked = useAsked((state) => state.asked)
  const wanted = asked?.tab === tab.id && asked.name === name
  useEffect(() => {
    if (wanted && asked) input.current?.focus()
  }, [wanted, asked])
  const given = tab.params[name]
  const type = given?.type ?? 'text'
  const problem = given ? problemOf(name, given) : wanted ? missing : undefined
  // biome-ignore lint/correctness/useExhaustiveDependencies: it comes into sight whenever it says something else
  useEffect(() => {
    message.current?.scrollIntoView({ block: 'nearest' })
  }, [problem])
  const put = (value: QueryValue) => changeTab(tab.id, { params: { ...tab.params, [name]: value } })
  const choose = (choice: string) => {
    const chosen = parameterTypes.find((one) => one === choice)
    if (choice === nothing) put({ type, value: null })
    else if (choice === emptyText) put({ type: 'text', value: '' })
    else if (chosen === 'text' && !given?.value) changeTab(tab.id, { params: without(tab.params, name) })
    else if (chosen) put({ type: chosen, value: given?.value ?? '' })
  }
  return (
    <div className={classes.param}>
      <span className={classes.paramName}>:{name}</span>
      <TextInput
        ref={input}
        size="xs"
        aria-label={`Value of ${name}`}
        placeholder={given?.value === null ? nothing : given ? emptyText : 'value'}
        value={given?.value ?? ''}
        error={problem !== undefined}
        aria-describedby={problem === undefined ? undefined : messageId}
        onChange={({ currentTarget }) => put({ type, value: currentTarget.value })}
      />
      <NativeSelect
        size="xs"
        aria-label={`Type of ${name}`}
        value={choiceOf(given)}
        data={[...parameterTypes, emptyText, nothing]}
        onChange={({ currentTarget }) => choose(currentTarget.value)}
      />
      {problem !== undefined && (
        <div ref={message} id={messageId} className={classes.problem} role="alert">
          {problem}
        </div>
      )}
    </div>
  )
}

const missing = `Type it, or choose “${emptyText}” or “${nothing}”.`

/** What a value is shown as among the choices. */
function choiceOf(given: QueryValue | undefined): string {
  if (given?.value === null) return nothing
  return given?.type === 'text' && given.value === '' ? emptyText : (given?.type ?? 'text')
}

const without = (params: QueryTab['params'], name: string): QueryTab['params'] =>
  Object.fromEntries(Object.entries(params).filter(([other]) => other !== name))

function problemOf(name: string, { type, value }: QueryValue): string | undefined {
  try {
    resolveParameters([{ name, type, optional: true }], { [name]: value })
    return undefined
  } catch (thrown) {
    const { message, hint } = toAppError(thrown)
    return hint ?? message
  }
}
