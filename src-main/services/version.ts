import { readFileSync } from 'node:fs'

/** The version in package.json, which stands one folder up from the build and two from the sources here. */
export function productVersion(): string {
  for (const place of ['../package.json', '../../package.json', '../../../package.json']) {
    try {
      const parsed: unknown = JSON.parse(readFileSync(new URL(place, import.meta.url), 'utf8'))
      const { name, version } = parsed instanceof Object && 'name' in parsed && 'version' in parsed ? parsed : {}
      if (name === 'sluice' && typeof version === 'string') return version
    } catch {
      // Not here: the next place.
    }
  }
  return 'unknown'
}
