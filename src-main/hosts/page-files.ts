import { stat } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'

/** A file of the built page. */
export interface PageFile {
  /** Absolute. */
  path: string
  /** Its media type. */
  type: string
  /** Its name holds a hash of its content, so it never changes. */
  lasting: boolean
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.map': 'application/json',
}

/**
 * The file that an address names, below `root` only; the page itself for an address without an ending. Undefined when there is none.
 * @param pathname as it stands in the address, still encoded
 */
export async function pageFile(root: string, pathname: string): Promise<PageFile | undefined> {
  const path = pathWithin(root, pathname)
  if (path === undefined) return undefined
  const found = (await stat(path).catch(() => undefined))?.isFile()
  if (!found && extname(pathname) !== '') return undefined
  return {
    path: found ? path : join(root, 'index.html'),
    type: found ? (types[extname(path)] ?? 'application/octet-stream') : 'text/html; charset=utf-8',
    lasting: found === true && /[-.][\w-]{8}\.\w+$/.test(path),
  }
}

function pathWithin(root: string, pathname: string): string | undefined {
  try {
    const path = normalize(join(root, decodeURIComponent(pathname)))
    return path.startsWith(root + sep) ? path : undefined
  } catch {
    return undefined
  }
}
