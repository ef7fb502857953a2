// Installs what is missing, with nothing but Node ≥ 20 and npm. Runs before any dependency exists: no imports but node:.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))
const modules = join(root, 'node_modules')
const windows = process.platform === 'win32'
const nodeFile = windows ? 'node.exe' : join('bin', 'node')

/** @param {string} line */
export const say = (line) => process.stdout.write(`${line}\n`)

/** @typedef {{ version: string, optional?: boolean, devOptional?: boolean }} LockedPackage */

/**
 * Makes the checkout runnable and returns the Node binary it runs on.
 * @returns {{ node: string, notes: string[] }} `notes`: one line for each thing that could not be had.
 */
export function provision() {
  if (Number(process.versions.node.split('.')[0]) < 20) {
    say(`Sluice needs Node 20 or newer to start; this is ${process.versions.node}. See https://nodejs.org.`)
    process.exit(1)
  }
  if (!installed()) install()
  const node = runtime()
  return { node, notes: sqliteBinding(node) }
}

/** Whether node_modules holds what the lock file names, at those versions. Packages for other platforms may be absent. */
function installed() {
  const hidden = join(modules, '.package-lock.json')
  if (!existsSync(hidden)) return false
  const wanted = packagesOf(join(root, 'package-lock.json'))
  const present = packagesOf(hidden)
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true
    const found = present[path]
    return found === undefined ? entry.optional === true || entry.devOptional === true : found.version === entry.version
  })
}

/** @param {string} file @returns {Record<string, LockedPackage>} */
function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages ?? {}
}

function install() {
  say('Installing dependencies (once, a minute or two) …')
  if (npm(['ci', '--no-audit', '--no-fund']).ok) return
  // An install script that fails takes the whole install with it: install without them, then mend what is needed.
  const bare = npm(['install', '--no-save', '--no-audit', '--no-fund', '--ignore-scripts'])
  if (!bare.ok) {
    say(bare.output)
    say('Dependencies could not be installed. Check that the npm registry can be reached, then run this again.')
    process.exit(1)
  }
  const allowed = Object.entries(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).allowScripts ?? {})
  for (const [name, allow] of allowed) if (allow && existsSync(join(modules, name))) npm(['rebuild', name])
}

/**
 * The Node that the project runs on, whatever Node started this. It is an npm package; where its install script was
 * blocked, the package that holds the binary is fetched on its own.
 */
function runtime() {
  const own = join(modules, 'node', nodeFile)
  if (works(own)) return own
  const { version } = packagesOf(join(root, 'package-lock.json'))['node_modules/node'] ?? { version: '24' }
  const prefix = process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node'
  const name = `${prefix}-${windows ? 'win' : process.platform}-${process.arch}`
  const folder = join(root, '.cache', `node-${version}`)
  const fetched = join(folder, 'node_modules', name, 'bin', windows ? 'node.exe' : 'node')
  if (works(fetched)) return fetched
  say(`Fetching Node ${version} …`)
  mkdirSync(folder, { recursive: true })
  npm(['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', `${name}@${version}`])
  if (works(fetched)) return fetched
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath
  say(`Node ${version} could not be fetched from the npm registry. Install Node 24 yourself and run this again.`)
  process.exit(1)
}

/** @param {string} binary */
function works(binary) {
  return existsSync(binary) && spawnSync(binary, ['--version'], { stdio: 'ignore' }).status === 0
}

/**
 * The workspace store and SQLite connections need the native part of `sqlite3`. It may be absent because install scripts
 * were blocked or the prebuilt file could not be downloaded: then it is compiled, against headers from the npm registry.
 * @param {string} node
 */
function sqliteBinding(node) {
  const loads = () => spawnSync(node, ['-e', 'require("sqlite3")'], { cwd: root, stdio: 'ignore' }).status === 0
  if (loads()) return []
  say('Compiling the SQLite driver (once, a minute or two) …')
  const gyp = resolveFrom(join(modules, 'sqlite3', 'package.json'), 'node-gyp/bin/node-gyp.js')
  const options = { cwd: join(modules, 'sqlite3'), encoding: 'utf8', env: buildEnvironment() }
  const built = gyp === undefined ? undefined : spawnSync(node, [gyp, 'rebuild'], options)
  if (loads()) return []
  npm(['rebuild', 'sqlite3'])
  if (loads()) return []
  const reason = built?.stderr?.match(/^gyp ERR! stack (.*)$/m)?.[1] ?? 'node-gyp is missing'
  return [`Not provisioned: the native part of sqlite3 (${reason}). It needs a C++ compiler, make and Python 3.`]
}

/** @param {string} from @param {string} request */
function resolveFrom(from, request) {
  try {
    return createRequire(from).resolve(request)
  } catch {
    return undefined
  }
}

/** Points node-gyp at the headers that come with the `node` package, so that it downloads none. */
function buildEnvironment() {
  const holder = join(modules, 'node', 'node_modules')
  const packages = existsSync(holder) ? readdirSync(holder).map((name) => join(holder, name)) : []
  const fetched = join(root, '.cache')
  for (const version of existsSync(fetched) ? readdirSync(fetched) : []) {
    const inner = join(fetched, version, 'node_modules')
    if (existsSync(inner)) packages.push(...readdirSync(inner).map((name) => join(inner, name)))
  }
  const places = [...packages, dirname(dirname(process.execPath))]
  const headers = places.find((place) => existsSync(join(place, 'include', 'node', 'node_api.h')))
  const platform = `${windows ? 'win' : process.platform}-${process.arch}`
  return { ...process.env, npm_config_nodedir: headers ?? join(holder, `node-${platform}`) }
}

/** Runs npm without showing its output. @param {string[]} args */
function npm(args) {
  const script = process.env.npm_execpath
  const direct = script?.endsWith('.js') ?? false
  const command = direct ? process.execPath : windows ? 'npm.cmd' : 'npm'
  const result = spawnSync(command, direct && script ? [script, ...args] : args, {
    cwd: root,
    encoding: 'utf8',
    env: buildEnvironment(),
    shell: !direct && windows,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = `${result.stdout ?? ''}${result.stderr ?? ''}${result.error?.message ?? ''}`
  return { ok: result.status === 0, output: output.trim().split('\n').slice(-20).join('\n') }
}

/**
 * Runs a script on the project's Node in place of this process: same terminal, same exit code, same signals.
 * @param {string} node @param {string[]} args
 * @param {{ cwd?: string, environment?: Record<string, string> }} [options]
 */
export function handOver(node, args, { cwd = root, environment = {} } = {}) {
  const path = `${dirname(node)}${windows ? ';' : ':'}${process.env.PATH ?? ''}`
  const child = spawn(node, args, { cwd, stdio: 'inherit', env: { ...process.env, PATH: path, ...environment } })
  // The terminal sends Ctrl-C to the whole group; the child decides what it means, and this process waits for it.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  child.on('error', (error) => {
    say(`${node} could not be started: ${error.message}`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => {
    process.removeAllListeners('SIGTERM')
    process.removeAllListeners('SIGINT')
    if (signal) process.kill(process.pid, signal)
    else process.exit(code ?? 1)
  })
}
