import type { HttpConfig } from '../../../../shared/nodes/http.ts'
import { checkHeader } from './request.ts'

/** The secrets of a node, resolved, and what keeps them out of sight. */
export interface Secrets {
  headers: Record<string, string>
  query: Record<string, string>
  /** Replaces every secret in a text. */
  mask(text: string): string
  /** An address as messages show it: values of secret parameters hidden. */
  shownUrl(url: URL): string
}

/** @throws AppError VAULT_* when a secret is not to be had */
export async function resolveSecrets(config: HttpConfig, secret: (name: string) => Promise<string>): Promise<Secrets> {
  const headers: Record<string, string> = {}
  const query: Record<string, string> = {}
  const hidden = new Set<string>()
  for (const [name, value] of Object.entries(config.headers)) {
    if (typeof value === 'string') continue
    const plain = await secret(value.secret)
    hidden.add(plain)
    headers[name.toLowerCase()] = `${value.prefix ?? ''}${plain}`
    checkHeader(name, headers[name.toLowerCase()] ?? '')
  }
  for (const [name, value] of Object.entries(config.query)) {
    if (typeof value !== 'object' || !('secret' in value)) continue
    const plain = await secret(value.secret)
    hidden.add(plain)
    query[name] = `${value.prefix ?? ''}${plain}`
  }
  const forms = [...hidden]
    .filter((plain) => plain !== '')
    .flatMap((plain) => [plain, encodeURIComponent(plain), new URLSearchParams({ s: plain }).toString().slice(2)])
  const longestFirst = [...new Set(forms)].sort((a, b) => b.length - a.length)
  const mask = (text: string) => longestFirst.reduce((masked, form) => masked.replaceAll(form, '***'), text)
  return { headers, query, mask, shownUrl: (url) => mask(url.href) }
}
