import { beforeEach, describe, expect, it } from 'vitest'
import { registry } from '../../../shared/nodes/registry.ts'
import { formatPipeline } from '../../../shared/pipeline/format.ts'
import { type Pipeline, pipelineSchema } from '../../../shared/pipeline/schema.ts'
import {
  activateDocument,
  changeDocument,
  closeDocument,
  documentChangedOutside,
  documentKept,
  documentOf,
  documentReloaded,
  documentSaved,
  documentText,
  isUnsaved,
  moveTab,
  openBroken,
  openDocument,
  undoDocument,
  useDocuments,
} from '../../../src-renderer/stores/documents.ts'

const pipeline = (name: string): Pipeline => pipelineSchema.parse({ sluice: 1, name, nodes: {} })
const renamed = (name: string) => (before: Pipeline) => ({ ...before, name })

/** A text that formatting would write otherwise. */
const odd = (name: string) => `{ "sluice": 1,   "name": ${JSON.stringify(name)}, "nodes": {} }`

function openSaved(path: string, name = 'Saved'): string {
  const present = pipeline(name)
  return openDocument({ present, path, folder: '/', file: { text: odd(name), hash: 'h1' }, saved: present })
}

const present = (id: string) => documentOf(id)?.history.present
const unsaved = (id: string) => {
  const document = documentOf(id)
  return document && isUnsaved(document)
}
const text = (id: string) => {
  const document = documentOf(id)
  return document && documentText(document)
}

beforeEach(() => useDocuments.setState({ documents: {}, broken: {}, order: [], active: null }))

describe('a document', () => {
  it('gives the very bytes of its file until it is changed, and again once the change is undone', () => {
    const id = openSaved('/a.pipeline.json')
    expect(text(id)).toBe(odd('Saved'))
    changeDocument(id, renamed('Other'))
    expect(text(id)).toBe(formatPipeline(pipeline('Other'), registry))
    expect(unsaved(id)).toBe(true)
    undoDocument(id)
    expect(unsaved(id)).toBe(false)
    expect(text(id)).toBe(odd('Saved'))
  })

  it('opened from a draft is unsaved, and one step back is the file', () => {
    const saved = pipeline('Saved')
    const id = openDocument({
      present: pipeline('Draft'),
      path: '/a.pipeline.json',
      folder: '/',
      file: { text: odd('Saved'), hash: 'h1' },
      saved,
    })
    expect(unsaved(id)).toBe(true)
    undoDocument(id)
    expect(present(id)).toBe(saved)
    expect(unsaved(id)).toBe(false)
  })

  it('knows what other programs made of its file, until it is reloaded, kept or saved', () => {
    const id = openSaved('/a.pipeline.json')
    documentChangedOutside(id, 'h1')
    expect(documentOf(id)?.outside).toBeUndefined()
    documentChangedOutside(id, 'h2')
    expect(documentOf(id)?.outside).toEqual({ hash: 'h2' })
    documentChangedOutside(id, 'h1')
    expect(documentOf(id)?.outside).toBeUndefined()

    documentChangedOutside(id, 'h2')
    documentReloaded(id, pipeline('Reloaded'), { text: odd('Reloaded'), hash: 'h2' })
    expect(documentOf(id)?.outside).toBeUndefined()
    expect(unsaved(id)).toBe(false)
    undoDocument(id)
    expect(present(id)?.name).toBe('Saved')
    expect(unsaved(id)).toBe(true)

    documentChangedOutside(id, null)
    expect(documentOf(id)?.outside).toEqual({ hash: null })
    documentKept(id, null)
    expect(documentOf(id)?.outside).toBeUndefined()
    expect(unsaved(id)).toBe(true)

    const now = present(id)
    if (now) documentSaved(id, now, { path: '/b.pipeline.json', folder: '/', text: odd('Saved'), hash: 'h3' })
    expect(unsaved(id)).toBe(false)
    expect(documentOf(id)?.path).toBe('/b.pipeline.json')
  })

  it('of an older version says so until a change is saved', () => {
    const saved = pipeline('Old')
    const file = { text: odd('Old'), hash: 'h1' }
    const id = openDocument({ present: saved, path: '/a', folder: '/', file, saved, olderVersion: 0 })
    documentSaved(id, saved, { path: '/a', folder: '/', ...file })
    expect(documentOf(id)?.olderVersion).toBe(0)
    changeDocument(id, renamed('New'))
    const now = present(id)
    if (now) documentSaved(id, now, { path: '/a', folder: '/', text: 'new', hash: 'h2' })
    expect(documentOf(id)?.olderVersion).toBeUndefined()
  })
})

describe('tabs', () => {
  it('show a file that is open already instead of opening it twice', () => {
    const one = openSaved('/a.pipeline.json')
    const two = openSaved('/b.pipeline.json')
    expect(useDocuments.getState().active).toBe(two)
    expect(openSaved('/a.pipeline.json')).toBe(one)
    expect(useDocuments.getState()).toMatchObject({ order: [one, two], active: one })
  })

  it('of a broken file give their place to the document once it can be read', () => {
    openSaved('/a.pipeline.json')
    const error = { code: 'DOC_SYNTAX' as const, message: 'x', retryable: false }
    const broken = openBroken({ path: '/b.pipeline.json', error })
    openSaved('/c.pipeline.json')
    expect(openBroken({ path: '/b.pipeline.json', error })).toBe(broken)
    const mended = openSaved('/b.pipeline.json')
    expect(useDocuments.getState().order.indexOf(mended)).toBe(1)
    expect(useDocuments.getState().broken).toEqual({})
    expect(useDocuments.getState().order).toHaveLength(3)
  })

  it('are put in order, and closing one shows its neighbour', () => {
    const [a, b, c] = ['/a', '/b', '/c'].map((path) => openSaved(path))
    if (a === undefined || b === undefined || c === undefined) throw new Error('not opened')
    moveTab(c, 0)
    expect(useDocuments.getState().order).toEqual([c, a, b])
    activateDocument(a)
    closeDocument(a)
    expect(useDocuments.getState()).toMatchObject({ order: [c, b], active: b })
    closeDocument(b)
    closeDocument(c)
    expect(useDocuments.getState()).toMatchObject({ order: [], active: null })
  })
})
