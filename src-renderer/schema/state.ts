import { z } from 'zod'
import { create } from 'zustand'
import { recall, remember } from '../stores/settings.ts'
import { type Picked, type Place, placeKey } from './place.ts'

interface TreeState {
  /** Ids of what is open; null until something was opened or closed. */
  expanded: ReadonlySet<string> | null
  /** Objects that were opened since the window was: their columns are known, and found. */
  opened: ReadonlySet<string>
  /** Id of the line that keys act on. */
  active: string | null
  search: string
}

interface SchemaState {
  /** By connection. */
  trees: Readonly<Record<string, TreeState>>
  /** What commands act on. */
  picked: Picked | null
  /** What the menu is open for, and where in the window. */
  menu: { x: number; y: number } | null
  /** Whose definition is shown. */
  definition: Picked | null
}

/** What trees of databases show, and what is picked in them. */
export const useSchema = create<SchemaState>()(() => ({ trees: {}, picked: null, menu: null, definition: null }))

/** As many objects are open again when the window is; each of them is asked for at once. */
const remembered = 40
const expandedIds = z.array(z.string()).catch([])
const settingOf = (key: string) => `schema.open ${key}`
const nothing: ReadonlySet<string> = new Set()

const treeOf = (state: SchemaState, key: string): TreeState => state.trees[key] ?? firstTree(key)

/** The same object for as long as nothing was done to the tree, so that whoever follows it sees no change. */
const firstTrees = new Map<string, TreeState>()
function firstTree(key: string): TreeState {
  const known = firstTrees.get(key)
  if (known) return known
  const kept = recall(settingOf(key))
  const expanded = kept === undefined ? null : new Set(expandedIds.parse(kept))
  const tree: TreeState = { expanded, opened: expanded ?? nothing, active: null, search: '' }
  firstTrees.set(key, tree)
  return tree
}

export const useTree = (place: Place): TreeState => {
  const key = placeKey(place)
  return useSchema((state) => treeOf(state, key))
}

function changeTree(place: Place, change: (tree: TreeState) => Partial<TreeState>): void {
  const key = placeKey(place)
  useSchema.setState((state) => {
    const tree = treeOf(state, key)
    return { trees: { ...state.trees, [key]: { ...tree, ...change(tree) } } }
  })
}

/** A connection has another name now: its tree is open as it was. */
export function renameTree(folder: string, name: string, to: string): void {
  const [from, key] = [placeKey({ connection: name, folder }), placeKey({ connection: to, folder })]
  useSchema.setState((state) => ({ trees: { ...state.trees, [key]: treeOf(state, from) } }))
  const kept = recall(settingOf(from))
  if (kept !== undefined) remember(settingOf(key), kept)
}

export const searchTree = (place: Place, search: string) => changeTree(place, () => ({ search }))
export const activate = (place: Place, active: string | null) => changeTree(place, () => ({ active }))

/** Opens or closes lines of the tree, and remembers it. @param before what is open while nobody has opened anything */
export function setExpanded(place: Place, ids: readonly string[], open: boolean, before: readonly string[]): void {
  const key = placeKey(place)
  const { expanded, opened } = treeOf(useSchema.getState(), key)
  const after = new Set(expanded ?? before)
  for (const id of ids) {
    after.delete(id)
    if (open) after.add(id)
  }
  changeTree(place, () => ({ expanded: after, opened: open ? new Set([...opened, ...ids]) : opened }))
  remember(settingOf(key), [...after].slice(-remembered))
}

export const pick = (picked: Picked | null) => useSchema.setState({ picked })

export function openMenu(picked: Picked, at: { x: number; y: number }): void {
  useSchema.setState({ picked, menu: at })
}

export const closeMenu = () => useSchema.setState({ menu: null })
export const showDefinition = (definition: Picked | null) => useSchema.setState({ definition })
