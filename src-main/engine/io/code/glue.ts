/**
 * What surrounds the user's code inside the sandbox. It runs first, so the functions it keeps are the real ones, and takes and
 * gives whole batches as JSON text: crossing the border of the sandbox once per value would cost more than the code itself.
 *
 * A cell comes in as JSON: int64, blobs and odd floats as text, the rest as it is. A cell goes out as null, a boolean, a text, a finite
 * number, or tagged: `{n}` BigInt, `{f}` float, `{b}` bytes as hex, `{d}` Date in ms, `{a}` list, `{j}` JSON text, `{x}` anything else.
 * What goes out is checked outside; nothing in here is trusted.
 */
export const glue = `(function (log) {
  'use strict'
  const { parse, stringify } = JSON
  const { isArray } = Array
  const { keys, getPrototypeOf, prototype: plainObject } = Object
  const { isFinite: finite } = Number
  const { apply } = Reflect
  const getTime = Date.prototype.getTime
  const IsDate = Date, Bytes = Uint8Array, Big = BigInt, Num = Number, Text = String, Later = Promise

  const hex = []
  for (let byte = 0; byte < 256; byte++) hex[byte] = (byte < 16 ? '0' : '') + byte.toString(16)

  function bytesOf(text) {
    const bytes = new Bytes((text.length - 2) / 2)
    for (let at = 0; at < bytes.length; at++) bytes[at] = Num('0x' + text[2 + at * 2] + text[3 + at * 2])
    return bytes
  }

  function decoder(type) {
    if (type.kind === 'int64') return Big
    if (type.kind === 'blob') return bytesOf
    if (type.kind === 'float32' || type.kind === 'float64') return Num
    if (type.kind === 'list') {
      const item = decoder(type.of)
      return (values) => {
        for (let at = 0; at < values.length; at++) if (values[at] !== null) values[at] = item(values[at])
        return values
      }
    }
    return null
  }

  function encode(value, json) {
    switch (typeof value) {
      case 'undefined': return null
      case 'string':
      case 'boolean': return value
      case 'number':
        return finite(value) && !(value === 0 && 1 / value < 0) ? value : { f: value === 0 ? '-0' : Text(value) }
      case 'bigint': return { n: Text(value) }
      case 'object': return value === null ? null : encodeObject(value, json)
      default: return { x: typeof value }
    }
  }

  function encodeObject(value, json) {
    if (value instanceof Bytes) {
      let text = ''
      for (let at = 0; at < value.length; at++) text += hex[value[at]]
      return { b: text }
    }
    if (value instanceof IsDate && !json) return { d: apply(getTime, value, []) }
    if (isArray(value) && !json) {
      const items = []
      for (let at = 0; at < value.length; at++) items[at] = encode(value[at], false)
      return { a: items }
    }
    return { j: stringify(value) }
  }

  function show(value) {
    if (typeof value === 'bigint') return value + 'n'
    if (typeof value !== 'object' || value === null) return Text(value)
    try { return stringify(value, (key, item) => (typeof item === 'bigint' ? item + 'n' : item)) } catch (error) { return Text(value) }
  }
  globalThis.console = { log: (...values) => log(values.map(show).join(' ')) }

  return {
    params(json) {
      const { types, values } = parse(json)
      const params = {}
      for (const name of keys(types)) {
        const decode = decoder(types[name])
        params[name] = values[name] === null || decode === null ? values[name] : decode(values[name])
      }
      globalThis.params = Object.freeze(params)
    },

    /** The functions that take batches; row, start and end are the user's. */
    runner(json, row, start, end) {
      const { input, output } = parse(json)
      const decoders = input.map((column) => decoder(column.type))
      const names = output.map((column) => column.name)
      const isJson = output.map((column) => column.type.kind === 'json')
      const known = { __proto__: null }
      for (const column of input) known[column.name] = true
      for (const name of names) known[name] = true
      const fields = input.map((column, at) => '[' + stringify(column.name) + ']: a[' + at + ']').join(', ')
      const objectOf = new Function('a', 'return {' + fields + '}')
      let current = -1

      function add(value, out) {
        if (typeof value !== 'object' || isArray(value)) {
          throw new TypeError('A row is an object with the columns as its properties; the code returned ' + (isArray(value) ? 'an array' : typeof value) + '.')
        }
        const own = keys(value)
        if (own.length === 0 && getPrototypeOf(value) !== plainObject) {
          const hint = value instanceof Later ? 'a Promise; nothing here can be waited for' : 'an object without properties of its own'
          throw new TypeError('A row is an object with the columns as its properties; the code returned ' + hint + '.')
        }
        for (let at = 0; at < own.length; at++) {
          if (known[own[at]] !== true) throw new TypeError('The code returned ' + stringify(own[at]) + ', which is not a column.')
        }
        const cells = []
        for (let at = 0; at < names.length; at++) cells[at] = encode(value[names[at]], isJson[at])
        out[out.length] = cells
      }

      function collect(value, out) {
        if (value === null || value === undefined) return
        if (!isArray(value)) return add(value, out)
        for (let at = 0; at < value.length; at++) if (value[at] !== null && value[at] !== undefined) add(value[at], out)
      }

      function guarded(work) {
        const out = []
        try {
          work(out)
        } catch (error) {
          const isError = error instanceof Error
          return stringify({
            row: current,
            name: isError ? Text(error.name) : 'thrown',
            message: isError ? Text(error.message) : show(error),
            stack: isError ? Text(error.stack) : '',
          })
        }
        return stringify(out)
      }

      return {
        where: () => current,
        rows: (json, first) => guarded((out) => {
          const batch = parse(json)
          for (let at = 0; at < batch.length; at++) {
            current = first + at
            const cells = batch[at]
            for (let index = 0; index < decoders.length; index++) {
              if (decoders[index] !== null && cells[index] !== null) cells[index] = decoders[index](cells[index])
            }
            collect(row(objectOf(cells), current), out)
          }
          current = -1
        }),
        start: () => guarded((out) => { if (start) collect(start(), out) }),
        end: () => guarded((out) => { if (end) collect(end(), out) }),
      }
    },
  }
})`
