import type { ComponentType } from 'react'
import type { FieldEditor } from '../../../shared/nodes/form.ts'
import type { EditorProps } from './editor.ts'
import { BodyEditor } from './editors/BodyEditor.tsx'
import { ChoiceEditor, NumberEditor, SwitchEditor, TextEditor, TypeEditor } from './editors/basic.tsx'
import { CodeField } from './editors/CodeField.tsx'
import { ColumnEditor } from './editors/ColumnEditor.tsx'
import { ConnectionEditor, TableEditor } from './editors/database.tsx'
import { FrameEditor } from './editors/FrameEditor.tsx'
import { FileEditor, FilesEditor } from './editors/files.tsx'
import { GroupEditor } from './editors/GroupEditor.tsx'
import { ListEditor } from './editors/ListEditor.tsx'
import { MappingEditor } from './editors/MappingEditor.tsx'
import { ColumnsEditor, TextsEditor } from './editors/names.tsx'
import { PivotValuesEditor } from './editors/PivotValuesEditor.tsx'
import { RequestValuesEditor } from './editors/RequestValuesEditor.tsx'
import { RowsEditor } from './editors/RowsEditor.tsx'
import { TypesEditor } from './editors/TypesEditor.tsx'

/** The component for each kind of editor that a form can name. */
export const editors: Readonly<Record<FieldEditor, ComponentType<EditorProps>>> = {
  text: TextEditor,
  number: NumberEditor,
  switch: SwitchEditor,
  choice: ChoiceEditor,
  type: TypeEditor,
  expression: CodeField,
  sql: CodeField,
  code: CodeField,
  connection: ConnectionEditor,
  table: TableEditor,
  file: FileEditor,
  files: FilesEditor,
  column: ColumnEditor,
  columns: ColumnsEditor,
  texts: TextsEditor,
  list: ListEditor,
  group: GroupEditor,
  rows: RowsEditor,
  frame: FrameEditor,
  pivotValues: PivotValuesEditor,
  body: BodyEditor,
  requestValues: RequestValuesEditor,
  types: TypesEditor,
  mapping: MappingEditor,
}
