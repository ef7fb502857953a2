/**
 * `{{name}}` in a text that is not SQL stands for the value of a pipeline parameter: in URLs, headers, request bodies and
 * file names. `\{{name}}` is the text `{{name}}` itself. Anything else in braces is left alone.
 */
const placeholder = /(\\)?\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}/g

/** Replaces each placeholder by what `value` gives for its name; the result is never looked into again. */
export function fillTemplate(text: string, value: (name: string) => string): string {
  return text.replace(placeholder, (whole, escaped: string | undefined, name: string) =>
    escaped === undefined ? value(name) : whole.slice(1),
  )
}

/** The name when the text is one placeholder and nothing else. */
export function soleName(text: string): string | undefined {
  return /^\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}$/.exec(text)?.[1]
}
