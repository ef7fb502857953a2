/**
 * Completes package-lock.json with the optional packages of other platforms. A registry mirror that does not carry them
 * makes npm leave them out of the lock file, and `npm ci` then refuses the file everywhere. Their versions are pinned
 * by the packages that name them, so nothing is guessed. Run after `npm install`; `--check` only reports.
 */
import { readFileSync, writeFileSync } from 'node:fs'

interface Entry {
  version?: string
  cpu?: string[]
  os?: string[]
  libc?: string[]
  dev?: boolean
  optional?: boolean
  optionalDependencies?: Record<string, string>
}

const file = new URL('../package-lock.json', import.meta.url)
const lock: { packages: Record<string, Entry> } = JSON.parse(readFileSync(file, 'utf8'))
const added: string[] = []

for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const exact = /^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)
    if (!exact || isVersion(nearest(path, name), version)) continue
    const place =
      lock.packages[`node_modules/${name}`] === undefined ? `node_modules/${name}` : `${path}/node_modules/${name}`
    lock.packages[place] = { version, ...platform(name), ...(entry.dev ? { dev: true } : {}), optional: true }
    added.push(`${name}@${version}`)
  }
}

/** The entry that `name` means to the package at `path`, found as Node finds it: inside, then outwards. */
function nearest(path: string, name: string): Entry | undefined {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1))) {
    const found = lock.packages[at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`]
    if (found !== undefined || at === '') return found
  }
}

function isVersion(entry: Entry | undefined, version: string): boolean {
  return entry?.version === version
}

/** What the name of a platform package says, so that npm installs it there and nowhere else. */
function platform(name: string): Pick<Entry, 'cpu' | 'os' | 'libc'> {
  const words = name.split(/[/.-]/)
  const systems: Record<string, string> = { windows: 'win32' }
  const os = words.find((word) =>
    [
      'android',
      'darwin',
      'freebsd',
      'linux',
      'openharmony',
      'openbsd',
      'netbsd',
      'sunos',
      'aix',
      'win32',
      'windows',
    ].includes(word),
  )
  const cpus: Record<string, string> = { wasm32: 'wasm32', ppc64le: 'ppc64' }
  const cpu = words.find((word) =>
    ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'ppc64le', 'riscv64', 's390x', 'wasm32', 'x64'].includes(
      word,
    ),
  )
  const libc = os === 'linux' ? (words.includes('musl') ? 'musl' : 'glibc') : undefined
  return {
    ...(cpu === undefined ? {} : { cpu: [cpus[cpu] ?? cpu] }),
    ...(os === undefined ? {} : { os: [systems[os] ?? os] }),
    ...(libc === undefined ? {} : { libc: [libc] }),
  }
}

if (added.length > 0 && process.argv.includes('--check')) {
  process.stdout.write(`package-lock.json lacks ${added.join(', ')}. Run: npm run lock\n`)
  process.exitCode = 1
} else if (added.length > 0) {
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')))
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
  process.stdout.write(`Added to package-lock.json: ${added.join(', ')}\n`)
}
