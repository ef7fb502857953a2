import { z } from 'zod'
import { columnList, columnSpec, specFields } from './column-spec.ts'
import { defineNode, outPort } from './define.ts'
import { fields } from './form.ts'

const config = z
  .strictObject({
    columns: columnList(columnSpec).describe('Names and types of the columns.'),
    rows: z
      // A document's values are JSON already; checking every cell for it would cost more than reading the file.
      .array(z.array(z.unknown()))
      .default([])
      .describe(
        'One array per row, one value per column. Integers and decimals too long for a JSON number are written as text.',
      ),
  })
  .superRefine(({ columns, rows }, context) => {
    rows.forEach((row, index) => {
      if (row.length === columns.length) return
      context.addIssue({
        code: 'custom',
        path: ['rows', index],
        message: `row ${index + 1} has ${row.length} values for ${columns.length} columns`,
      })
    })
  })
export type RowsConfig = z.infer<typeof config>

export const rows = defineNode<RowsConfig>({
  kind: 'rows',
  title: 'Rows',
  category: 'source',
  icon: 'IconTable',
  help: `Rows written into the pipeline itself.

For small reference data, and for trying a pipeline out. Every value is checked against the type of its column. \`null\` is
NULL, \`""\` is an empty text. A \`blob\` is written as \`\\x\` and hex digits; dates and times as ISO 8601 text; \`json\` as any JSON value;
a list as an array; NaN and the infinities as \`"NaN"\`, \`"Infinity"\` and \`"-Infinity"\`.`,
  inputs: [],
  outputs: [outPort],
  config,
  defaults: { columns: [{ name: 'id', type: 'int64' }], rows: [] },
  form: fields<RowsConfig>(
    { name: 'columns', label: 'Columns', editor: 'list', item: 'column', fields: specFields },
    {
      name: 'rows',
      label: 'Rows',
      editor: 'rows',
      help: 'Paste a table from a spreadsheet into a cell. Backspace in an empty cell makes NULL.',
    },
  ),
  summary: (value) =>
    `${value.rows.length} ${value.rows.length === 1 ? 'row' : 'rows'}, ${value.columns.map((column) => column.name).join(', ')}`,
})
