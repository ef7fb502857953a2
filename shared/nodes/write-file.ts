import { z } from 'zod'
import { defineNode, inPort } from './define.ts'
import { mayBe } from './file-format.ts'
import { fields, plainOptions } from './form.ts'

const writeFormats = ['auto', 'csv', 'json', 'ndjson', 'parquet'] as const
const compressions = ['auto', 'none', 'gzip', 'zstd', 'snappy'] as const

const config = z.strictObject({
  path: z
    .string()
    .min(1)
    .describe('The file to write, relative to the folder of the pipeline file. `{{name}}` stands for a parameter.'),
  format: z
    .enum(writeFormats)
    .default('auto')
    .describe('`auto` goes by the name: .csv .tsv .txt .json .ndjson .jsonl .parquet, also with .gz.'),
  ifExists: z.enum(['replace', 'fail']).default('replace').describe('What happens when the file is there already.'),
  createFolder: z.boolean().default(false).describe('Creates the folders of the path that are missing.'),
  compression: z
    .enum(compressions)
    .default('auto')
    .describe(
      '`auto`: gzip for names that end in .gz, zstd for .zst, snappy inside Parquet, else none. `snappy` is for Parquet only.',
    ),
  header: z.boolean().default(true).describe('CSV: the first line holds the names.'),
  delimiter: z.string().length(1).optional().describe('CSV: between fields; a comma, or a tab for .tsv.'),
  nullText: z
    .string()
    .default('')
    .describe(
      'CSV: what is written for NULL. Texts are then written in quotes, so that an empty one is no NULL for readers.',
    ),
  quoteAll: z.boolean().default(false).describe('CSV: every field that is not NULL is quoted.'),
  rowGroupSize: z
    .int()
    .min(1)
    .max(100_000_000)
    .optional()
    .describe(
      'Parquet: rows per group; 122,880 when absent, 30,720 where texts, JSON, bytes or lists may be long, and fewer where the first rows of a source are.',
    ),
})
export type WriteFileConfig = z.infer<typeof config>

export const writeFile = defineNode<WriteFileConfig>({
  kind: 'write-file',
  title: 'Write file',
  category: 'load',
  icon: 'IconFileExport',
  help: `Rows into a CSV, JSON, NDJSON or Parquet file.

The file is written under another name in the same folder and takes its name when it is whole, so a reader sees the old file or the new one.
After a failure or a stop nothing is left. Without rows the file is valid and empty: a header, \`[]\`, or a Parquet file with its columns.

How values are written:

| type | CSV | JSON, NDJSON | Parquet |
|---|---|---|---|
| integers, decimals | digits | number, all digits, those of a decimal with zeros at the end; of decimals without declared digits ten behind the point, in every format | integer, decimal |
| float | shortest exact, \`NaN\`, \`Infinity\` | number; \`"NaN"\`, \`"Infinity"\` as text | float, double |
| boolean | \`true\`, \`false\` | boolean | boolean |
| date, time, timestamp | ISO 8601 with a space | text, the same | the same types |
| timestamptz | in UTC, \`+00\` | text, the same | timestamp in UTC |
| blob | \`\\x\` and hex digits | text, the same | bytes |
| list, json | JSON text | inside the document | list; JSON text |
| interval, uuid | text | text | text; uuid |`,
  inputs: [inPort],
  outputs: [],
  config,
  defaults: { format: 'auto', ifExists: 'replace' },
  form: fields<WriteFileConfig>(
    { name: 'path', label: 'File', editor: 'file' },
    {
      name: 'format',
      label: 'Format',
      editor: 'choice',
      options: [
        { value: 'auto', label: 'By the name' },
        { value: 'csv', label: 'CSV' },
        { value: 'json', label: 'JSON' },
        { value: 'ndjson', label: 'NDJSON' },
        { value: 'parquet', label: 'Parquet' },
      ],
    },
    {
      name: 'ifExists',
      label: 'If the file exists',
      editor: 'choice',
      options: [
        { value: 'replace', label: 'Replace it' },
        { value: 'fail', label: 'Fail' },
      ],
    },
    { name: 'createFolder', label: 'Create missing folders', editor: 'switch' },
    { name: 'compression', label: 'Compression', editor: 'choice', options: plainOptions(compressions) },
    { name: 'header', label: 'Header', editor: 'switch', when: (config) => mayBe(config, 'csv') },
    {
      name: 'delimiter',
      label: 'Delimiter',
      editor: 'text',
      placeholder: 'comma',
      when: (config) => mayBe(config, 'csv'),
    },
    { name: 'nullText', label: 'Text for NULL', editor: 'text', more: true, when: (config) => mayBe(config, 'csv') },
    {
      name: 'quoteAll',
      label: 'Quote all fields',
      editor: 'switch',
      more: true,
      when: (config) => mayBe(config, 'csv'),
    },
    {
      name: 'rowGroupSize',
      label: 'Rows per group',
      editor: 'number',
      placeholder: 'by the columns',
      more: true,
      when: (config) => mayBe(config, 'parquet'),
    },
  ),
  summary: ({ path }) => path,
  effect: true,
})
