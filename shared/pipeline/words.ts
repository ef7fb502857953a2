import { z } from 'zod'
import { nearest } from '../nearest.ts'
import { limits } from './limits.ts'
import { formatPath, type Path } from './place.ts'
import type { Problem } from './problems.ts'

type Issue = z.core.$ZodIssue

/**
 * What zod found, in words: one problem per wrong value or unknown key, with the path of each under `base`.
 * `schema` and `value` are what was checked.
 */
export function issuesToProblems(issues: readonly Issue[], schema: z.ZodType, value: unknown, base: Path): Problem[] {
  return issues.slice(0, limits.problems).flatMap((issue) => issueProblems(issue, { schema, value, base }, []))
}

interface Checked {
  schema: z.ZodType
  value: unknown
  base: Path
}

function issueProblems(issue: Issue, checked: Checked, above: Path): Problem[] {
  const path = [...above, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))]
  if (issue.code === 'unrecognized_keys')
    return issue.keys.slice(0, limits.problems).map((key) => unknownKey(key, path, checked))
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const branch = likeliest(issue.errors)
    if (branch) return branch.flatMap((inner) => issueProblems(inner, checked, path))
  }
  if (issue.code === 'invalid_key') {
    const reason = issue.issues[0]?.message ?? 'it is not a name'
    const full = [...checked.base, ...path]
    return [{ code: 'DOC_SCHEMA', path: full, message: `${formatPath(full)}: the name cannot be used: ${reason}.` }]
  }
  return [wrongValue(issue, path, checked)]
}

/** The branch of a union that was meant: the one whose problems lie deepest, when only one of them got below the surface. */
function likeliest(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const inside = branches.filter((branch) =>
    branch.every((issue) => issue.path.length > 0 || issue.code !== 'invalid_type'),
  )
  return inside.toSorted((a, b) => a.length - b.length)[0]
}

function unknownKey(key: string, path: Path, { schema, base }: Checked): Problem {
  const known = keysAt(schema, path)
  const near = nearest(key, known)
  const full = [...base, ...path, key]
  const hint =
    near !== undefined
      ? `Did you mean "${near}"?`
      : known.length > 0
        ? `Known keys here: ${known.join(', ')}.`
        : 'Remove it.'
  return { code: 'DOC_SCHEMA', path: full, message: `${formatPath(full)}: unknown key "${key}".`, hint }
}

function wrongValue(issue: Issue, path: Path, { value, base }: Checked): Problem {
  const full = [...base, ...path]
  const found = valueAt(value, path)
  const where = full.length === 0 ? 'the document' : formatPath(full)
  // A rule of the schema's own says more than that a value it asks for is not there.
  if (found === undefined && issue.code !== 'custom') {
    const expected = expectation(issue)
    return {
      code: 'DOC_SCHEMA',
      path: full,
      message: `${where} is missing.`,
      hint: expected === undefined ? `Add "${String(full.at(-1))}".` : `Add "${String(full.at(-1))}": ${expected}.`,
    }
  }
  const hint = issue.code === 'invalid_value' ? nearValue(found, issue.values) : undefined
  return { code: 'DOC_SCHEMA', path: full, message: `${where}: ${complaint(issue, found)}.`, ...(hint && { hint }) }
}

function complaint(issue: Issue, found: unknown): string {
  const expected = expectation(issue)
  if (expected !== undefined) return `expected ${expected}, found ${describe(found)}`
  if (issue.code === 'too_small' || issue.code === 'too_big') return sizeComplaint(issue)
  if (issue.code === 'not_multiple_of') return `must be a multiple of ${issue.divisor}`
  if (issue.code === 'invalid_format' && issue.message.startsWith('Invalid ')) return `is not a valid ${issue.format}`
  return issue.message.replace(/\.$/, '')
}

function sizeComplaint(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const [word, bound] = issue.code === 'too_small' ? ['at least', issue.minimum] : ['at most', issue.maximum]
  if (issue.origin === 'string') return bound === 1 ? 'must not be empty' : `must have ${word} ${bound} characters`
  if (issue.origin === 'array' || issue.origin === 'set')
    return `must have ${word} ${bound} ${bound === 1 ? 'item' : 'items'}`
  const strictly = issue.inclusive === false ? (issue.code === 'too_small' ? 'more than' : 'less than') : word
  return `must be ${strictly} ${bound}`
}

const kinds: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list [ … ]',
  tuple: 'a list [ … ]',
  object: 'an object { … }',
  record: 'an object { … }',
  null: 'null',
}

/** What was expected, where the issue says; undefined for limits and custom rules. */
function expectation(issue: Issue): string | undefined {
  if (issue.code === 'invalid_type') return kinds[issue.expected] ?? issue.expected
  if (issue.code === 'invalid_value') return oneOf(issue.values.map((value) => JSON.stringify(value) ?? String(value)))
  if (issue.code !== 'invalid_union') return undefined
  if ('options' in issue && Array.isArray(issue.options))
    return oneOf(issue.options.map((value) => JSON.stringify(value)))
  const alternatives = issue.errors.flatMap((branch) => branch.map((inner) => expectation(inner) ?? ''))
  return oneOf([...new Set(alternatives.filter((text) => text !== ''))])
}

function oneOf(words: readonly string[]): string | undefined {
  if (words.length > 12) return `one of ${words.slice(0, 12).join(', ')}, …`
  return words.length < 2 ? words[0] : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}

function nearValue(found: unknown, values: readonly unknown[]): string | undefined {
  if (typeof found !== 'string') return undefined
  const near = nearest(
    found,
    values.filter((value) => typeof value === 'string'),
  )
  return near === undefined ? undefined : `Did you mean "${near}"?`
}

function describe(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'string') return value.length > 40 ? 'text' : JSON.stringify(value)
  if (typeof value === 'object') return 'an object'
  return String(value)
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((current, part) => {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, part)) return undefined
    return Reflect.get(current, part)
  }, value)
}

/** The keys that an object at `path` may have; empty where the schema names none. */
export function keysAt(schema: z.ZodType, path: Path): string[] {
  const here = unwrap(schema)
  if (here instanceof z.ZodUnion) {
    return [...new Set(here.options.flatMap((option) => (option instanceof z.ZodType ? keysAt(option, path) : [])))]
  }
  const [part, ...rest] = path
  if (part === undefined) return here instanceof z.ZodObject ? Object.keys(here.shape) : []
  const next = childOf(here, part)
  return next instanceof z.ZodType ? keysAt(next, rest) : []
}

function childOf(schema: z.ZodType, part: string | number): unknown {
  if (schema instanceof z.ZodObject) return Object.hasOwn(schema.shape, part) ? schema.shape[part] : undefined
  if (schema instanceof z.ZodArray) return schema.element
  if (schema instanceof z.ZodRecord) return schema.valueType
  if (schema instanceof z.ZodTuple) return typeof part === 'number' ? schema.def.items[part] : undefined
  return undefined
}

/** The schema inside optional, default, nullable, lazy and pipe wrappers. */
export function unwrap(schema: z.ZodType): z.ZodType {
  const inner = innerOf(schema)
  return inner instanceof z.ZodType ? unwrap(inner) : schema
}

function innerOf(schema: z.ZodType): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodReadonly)
    return schema.unwrap()
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) return schema.unwrap()
  if (schema instanceof z.ZodLazy) return schema.unwrap()
  if (schema instanceof z.ZodPipe) return schema.in
  return undefined
}
