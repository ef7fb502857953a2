import { NativeSelect, TextInput } from '@mantine/core'
import { useEffect, useRef } from 'react'
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

function ParamField({ tab, name }: { tab: QueryTab; name: string }) {
  const input = useRef<HTMLInputElement>(null)
  const asked = useAsked((state) => state.asked)
  const wanted = asked?.tab === tab.id && asked.name === name
  useEffect(() => {
    if (wanted && asked) input.current?.focus()
  }, [wanted, asked])
  const given = tab.params[name]
  const type = given?.type ?? 'text'
  const put = (value: QueryValue) => changeTab(tab.id, { params: { ...tab.params, [name]: value } })
  const problem = given ? problemOf(name, given) : wanted ? 'Give it a value, then run again.' : undefined
  const isNull = given?.value === null
  return (
    <div className={classes.param}>
      <span className={classes.paramName}>:{name}</span>
      <TextInput
        ref={input}
        size="xs"
        aria-label={`Value of ${name}`}
        placeholder={isNull ? 'NULL' : 'value'}
        value={given?.value ?? ''}
        error={problem}
        onChange={({ currentTarget }) => put({ type, value: currentTarget.value })}
      />
      <NativeSelect
        size="xs"
        aria-label={`Type of ${name}`}
        value={isNull ? 'NULL' : type}
        data={[...parameterTypes, 'NULL']}
        onChange={({ currentTarget }) => {
          const chosen = parameterTypes.find((one) => one === currentTarget.value)
          put(chosen ? { type: chosen, value: given?.value ?? '' } : { type, value: null })
        }}
      />
    </div>
  )
}

function problemOf(name: string, { type, value }: QueryValue): string | undefined {
  try {
    resolveParameters([{ name, type, optional: true }], { [name]: value })
    return undefined
  } catch (thrown) {
    const { message, hint } = toAppError(thrown)
    return hint ?? message
  }
}
