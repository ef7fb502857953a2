import { beforeEach, describe, expect, it } from 'vitest'
import type { EditableTable } from '../../../shared/contract/queries.ts'
import type { GridRow } from '../../../src-renderer/grid/store.ts'
import {
  addRow,
  forgetSheet,
  keepMine,
  noteFound,
  ordered,
  redo,
  removeRow,
  sheetOf,
  stage,
  undo,
  withoutCells,
} from '../../../src-renderer/workbench/edits/staged.ts'
import { EditedTable } from '../../../src-renderer/workbench/edits/table.ts'

const field = (kind: 'int32' | 'text' | 'json', more: object = {}) => ({
  type: { kind },
  nullable: true,
  optional: true,
  generated: false,
  ...more,
})
const table: EditableTable = {
  schema: null,
  table: 'pets',
  columns: ['id', 'name', null, 'age', 'doc', 'sum'],
  keys: ['id'],
  fields: {
    id: field('int32', { nullable: false, optional: false }),
    name: field('text'),
    age: field('int32'),
    doc: field('json'),
    sum: field('int32', { generated: true }),
  },
}
const pets = new EditedTable(table, 'r')
const row = (...cells: (string | null)[]): GridRow => ({ cells })
const ada = row('1', 'Ada', 'x', '3', null, '4')
const edits = () => sheetOf('r').edits

beforeEach(() => forgetSheet('r'))

describe('changes of rows', () => {
  it('are kept by the key of the row, with what was shown before', () => {
    pets.put(ada, 1, 'Eve')
    pets.put(ada, 3, null)
    expect(Object.values(edits())).toEqual([
      { kind: 'update', key: { id: '1' }, before: { name: 'Ada', age: '3' }, after: { name: 'Eve', age: null } },
    ])
    const elsewhere = row('1', 'Ada', 'y', '3', null, '4')
    expect([pets.text(elsewhere, 1), pets.text(elsewhere, 3), pets.rowMark(elsewhere)]).toEqual([
      'Eve',
      null,
      'changed',
    ])
    expect(pets.isChanged(elsewhere, 4)).toBe(false)
  })

  it('end where a cell gets back what it had', () => {
    pets.put(ada, 1, 'Eve')
    pets.put(ada, 3, '4')
    pets.put(ada, 1, 'Ada')
    expect(Object.values(edits())).toMatchObject([{ after: { age: '4' } }])
    pets.put(ada, 3, '3')
    expect(edits()).toEqual({})
    expect(pets.rowMark(ada)).toBeUndefined()
  })

  it('are taken back and made again, one by one', () => {
    pets.put(ada, 1, 'Eve')
    stage('r', (all) => addRow(all, 'new 1'))
    stage('r', (all) => removeRow(all, pets.shownRow(ada)))
    expect(pets.rowMark(ada)).toBe('deleted')
    undo('r')
    expect(pets.rowMark(ada)).toBe('changed')
    undo('r')
    expect(pets.added()).toEqual([])
    redo('r')
    expect(pets.added()).toEqual([{ cells: [], added: 'new 1' }])
    pets.put(row('2', 'Bob', '', '1', null, '2'), 1, 'Rob')
    redo('r')
    expect(pets.rowMark(ada)).toBe('changed')
  })

  it('are done so that keys are free before they are taken', () => {
    stage('r', (all) => addRow(all, 'new 1', { id: '1' }))
    pets.put(row('2', 'Bob', '', '1', null, '2'), 1, 'Rob')
    stage('r', (all) => removeRow(all, pets.shownRow(ada)))
    expect(ordered(edits()).map(({ edit }) => edit.kind)).toEqual(['delete', 'update', 'insert'])
  })

  it('say what a new row lacks', () => {
    stage('r', (all) => addRow(all, 'new 1'))
    const [fresh = row()] = pets.added()
    expect([pets.text(fresh, 0), pets.blank(0), pets.blank(1), pets.blank(5)]).toEqual([
      undefined,
      'required',
      'left out',
      'computed',
    ])
    pets.put(fresh, 1, '')
    expect(pets.added().map((added) => pets.text(added, 1))).toEqual([''])
  })

  it('are compared with what others wrote, once that was seen', () => {
    pets.put(ada, 1, 'Eve')
    pets.put(ada, 3, '9')
    const id = Object.keys(edits())[0] ?? ''
    noteFound('r', id, { name: 'Theirs' })
    stage('r', (all) => keepMine(all, id, { name: 'Theirs' }))
    expect(edits()[id]).toMatchObject({ before: { name: 'Theirs', age: '3' }, after: { name: 'Eve', age: '9' } })
    stage('r', (all) => withoutCells(all, id, ['name']))
    expect(edits()[id]).toMatchObject({ before: { age: '3' }, after: { age: '9' } })
    expect(pets.text(ada, 1)).toBe('Theirs')
    noteFound('r', id, { name: null })
    expect(pets.text(ada, 1)).toBeNull()
  })
})

describe('a cell', () => {
  it('that cannot be changed says why', () => {
    expect(pets.refusal(ada, 1)).toBeUndefined()
    expect(pets.refusal(ada, 2)).toMatch(/query computes/)
    expect(pets.refusal(ada, 5)).toMatch(/database computes sum/)
    expect(pets.refusal(row(null, 'x'), 1)).toMatch(/id of this row is NULL/)
    expect(pets.refusal({ cells: ['1', 'x'], cut: { 0: 9000 } }, 1)).toMatch(/too long/)
    stage('r', (all) => removeRow(all, pets.shownRow(ada)))
    expect(pets.refusal(ada, 1)).toMatch(/marked for deletion/)
  })

  it('refuses what its column cannot hold', () => {
    expect(pets.problem(ada, 3, 'abc')).toMatch(/whole number/)
    expect(pets.problem(ada, 0, null)).toBe('id cannot be NULL.')
    expect(pets.problem(ada, 1, '')).toBeUndefined()
    expect([pets.takesEmpty(1), pets.takesEmpty(3)]).toEqual([true, false])
  })

  it('with much in it is changed where there is room', () => {
    expect([pets.isLarge(ada, 1), pets.isLarge(ada, 4)]).toEqual([false, true])
    expect(pets.isLarge(row('1', 'two\nlines'), 1)).toBe(true)
    expect(pets.isLarge({ cells: ['1', 'x'], cut: { 1: 9000 } }, 1)).toBe(true)
  })
})
