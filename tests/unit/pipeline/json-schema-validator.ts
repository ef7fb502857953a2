/**
 * A small validator for the keywords that the generated schema uses (JSON Schema draft 7). It throws on any other
 * keyword, so that a schema cannot be passed by keywords that nobody looked at.
 */
type Schema = Record<string, unknown>
type Keyword = (argument: unknown, value: unknown, validator: Validator, schema: Schema) => boolean

interface Validator {
  valid(schema: unknown, value: unknown): boolean
}

const isObject = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value])
const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
const compare = (test: (value: number, bound: number) => boolean): Keyword => {
  return (bound, value) => typeof value !== 'number' || typeof bound !== 'number' || test(value, bound)
}

const types: Record<string, (value: unknown) => boolean> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
  array: Array.isArray,
  object: isObject,
}

const keywords: Record<string, Keyword> = {
  type: (names, value) => list(names).some((name) => types[String(name)]?.(value)),
  enum: (values, value) => list(values).some((item) => same(item, value)),
  const: (expected, value) => same(expected, value),
  required: (names, value) => !isObject(value) || list(names).every((name) => Object.hasOwn(value, String(name))),
  properties: (fields, value, validator) =>
    !isObject(value) ||
    !isObject(fields) ||
    Object.entries(fields).every(([name, field]) => !Object.hasOwn(value, name) || validator.valid(field, value[name])),
  additionalProperties: (rule, value, validator, { properties }) =>
    !isObject(value) ||
    Object.entries(value).every(
      ([name, item]) => (isObject(properties) && Object.hasOwn(properties, name)) || validator.valid(rule, item),
    ),
  propertyNames: (rule, value, validator) =>
    !isObject(value) || Object.keys(value).every((name) => validator.valid(rule, name)),
  items: (rule, value, validator) =>
    !Array.isArray(value) ||
    value.every((item, index) =>
      Array.isArray(rule) ? index >= rule.length || validator.valid(rule[index], item) : validator.valid(rule, item),
    ),
  additionalItems: (rule, value, _validator, { items }) =>
    rule !== false || !Array.isArray(value) || !Array.isArray(items) || value.length <= items.length,
  anyOf: (rules, value, validator) => list(rules).some((rule) => validator.valid(rule, value)),
  allOf: (rules, value, validator) => list(rules).every((rule) => validator.valid(rule, value)),
  oneOf: (rules, value, validator) => list(rules).filter((rule) => validator.valid(rule, value)).length === 1,
  if: (rule, value, validator, schema) =>
    !validator.valid(rule, value) || schema.then === undefined || validator.valid(schema.then, value),
  minItems: (bound, value) => !Array.isArray(value) || value.length >= Number(bound),
  maxItems: (bound, value) => !Array.isArray(value) || value.length <= Number(bound),
  minLength: (bound, value) => typeof value !== 'string' || value.length >= Number(bound),
  maxLength: (bound, value) => typeof value !== 'string' || value.length <= Number(bound),
  pattern: (source, value) => typeof value !== 'string' || new RegExp(String(source), 'u').test(value),
  minimum: compare((value, bound) => value >= bound),
  maximum: compare((value, bound) => value <= bound),
  exclusiveMinimum: compare((value, bound) => value > bound),
  exclusiveMaximum: compare((value, bound) => value < bound),
}

const silent = new Set(['$schema', 'title', 'description', 'default', 'definitions', 'enumDescriptions', 'then'])

/** Whether a value meets a JSON Schema. */
export function meets(root: Schema, value: unknown): boolean {
  const definitions = isObject(root.definitions) ? root.definitions : {}
  const validator: Validator = {
    valid(schema, item) {
      if (typeof schema === 'boolean') return schema
      if (!isObject(schema)) throw new Error('A schema is an object or a boolean.')
      if (typeof schema.$ref === 'string') {
        const name = schema.$ref.replace('#/definitions/', '')
        if (!Object.hasOwn(definitions, name)) throw new Error(`${schema.$ref} leads nowhere.`)
        return validator.valid(definitions[name], item)
      }
      return Object.entries(schema).every(([word, argument]) => {
        if (silent.has(word)) return true
        const keyword = keywords[word]
        if (!keyword) throw new Error(`The keyword ${word} is not known.`)
        return keyword(argument, item, validator, schema)
      })
    },
  }
  return validator.valid(root, value)
}
