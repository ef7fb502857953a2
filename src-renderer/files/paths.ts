/** Paths as the system of the engine writes them: with / or, on Windows, with \. */

const separatorOf = (path: string): string => (/^[a-z]:\\|^\\\\/i.test(path) ? '\\' : '/')

const lastSlash = (path: string) =>
  Math.max(path.lastIndexOf('/'), separatorOf(path) === '\\' ? path.lastIndexOf('\\') : -1)

/** `orders.pipeline.json` of `/data/orders.pipeline.json`. */
export const baseName = (path: string): string => path.slice(lastSlash(path) + 1)

/** The folder that a path lies in; a root is its own. */
export function folderName(path: string): string {
  const at = lastSlash(path)
  if (at <= 0) return '/'
  return /^[a-z]:$/i.test(path.slice(0, at)) ? path.slice(0, at + 1) : path.slice(0, at)
}

export function joinPath(folder: string, name: string): string {
  const separator = separatorOf(folder)
  return folder.endsWith(separator) ? folder + name : folder + separator + name
}

export const isAbsolute = (path: string): boolean => path.startsWith('/') || /^[a-z]:[\\/]/i.test(path)

/** Whether a folder is the other one or lies somewhere below it. */
export const isWithin = (folder: string, above: string): boolean =>
  folder === above || folder.startsWith(above.endsWith(separatorOf(above)) ? above : above + separatorOf(above))

/** As people write paths of their own folder: `~/data/orders.db`. Windows has no such sign. */
export const shortPath = (path: string, own: string | undefined): string =>
  own !== undefined && separatorOf(own) === '/' && own !== '/' && isWithin(path, own)
    ? `~${path.slice(own.length)}`
    : path

/** Each folder from the root down to this one, for a path bar. */
export function foldersTo(folder: string): { name: string; path: string }[] {
  const separator = separatorOf(folder)
  const root = separator === '/' ? '/' : folder.slice(0, 3)
  const parts = folder
    .slice(root.length)
    .split(separator)
    .filter((part) => part !== '')
  return [
    { name: root, path: root },
    ...parts.map((name, index) => ({ name, path: root + parts.slice(0, index + 1).join(separator) })),
  ]
}

/** The name with the extension behind, unless it has one of them. */
export function withExtension(name: string, extensions: readonly string[]): string {
  const [first] = extensions
  const has = extensions.some((extension) => name.toLowerCase().endsWith(`.${extension}`))
  return first === undefined || has ? name : `${name}.${first}`
}

/** The path, written from a folder where it lies inside: `data/orders.csv`. */
export function relativeTo(folder: string, path: string): string {
  const start = folder.endsWith(separatorOf(folder)) ? folder : folder + separatorOf(folder)
  return path.startsWith(start) ? path.slice(start.length).replaceAll('\\', '/') : path
}

/** A file name without the extension, if it has one of these. */
export function stemOf(name: string, extensions: readonly string[]): string {
  const ending = extensions.find((extension) => name.endsWith(`.${extension}`))
  return ending === undefined ? name : name.slice(0, -ending.length - 1)
}

/** A name that is typed with its extension before the one that was there: that one goes. */
export function withExtensionOnce(name: string, extensions: readonly string[]): string {
  const stem = stemOf(name, extensions)
  return stemOf(stem, extensions) === stem ? name : stem
}
