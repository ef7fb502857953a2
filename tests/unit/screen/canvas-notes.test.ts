import { beforeEach, describe, expect, it } from 'vitest'
import { pipelineSchema } from '../../../shared/pipeline/schema.ts'
import { resizeNotes } from '../../../src-renderer/canvas/resize-notes.ts'
import { documentOf, openDocument, undoDocument, useDocuments } from '../../../src-renderer/stores/documents.ts'

describe('the size of a note', () => {
  beforeEach(() => useDocuments.setState({ documents: {}, broken: {}, order: [], active: null }))
  const open = (note: object) => {
    const notes = { a: { text: '', at: [0, 0], ...note } }
    const present = pipelineSchema.parse({ sluice: 1, name: 'x', nodes: {}, notes })
    return openDocument({ present, path: null, folder: '/', file: null, saved: null })
  }
  const size = (id: string) => documentOf(id)?.history.present.notes.a?.size

  it('grows and shrinks from what it was, and a burst of it is one step', () => {
    const id = open({ size: [120, 90] })
    for (let press = 0; press < 3; press++) resizeNotes(id, ['a'], [20, 0])
    resizeNotes(id, ['a'], [0, -20])
    expect(size(id)).toEqual([180, 70])
    undoDocument(id)
    expect(size(id)).toEqual([120, 90])
  })

  it('begins with the size of a new note where the document says none', () => {
    const id = open({})
    resizeNotes(id, ['a'], [20, 20])
    expect(size(id)).toEqual([220, 140])
  })

  it('stops at the smallest, which changes nothing further', () => {
    const id = open({ size: [90, 40] })
    resizeNotes(id, ['a'], [-20, 0])
    expect(size(id)).toEqual([80, 40])
    const before = documentOf(id)?.history
    resizeNotes(id, ['a'], [-20, 0])
    resizeNotes(id, ['a'], [0, -20])
    expect(documentOf(id)?.history).toEqual(before)
  })
})
