import { z } from 'zod'
import { isJsonPath } from '../data/json-path.ts'
import { castType } from './column-spec.ts'
import { defineNode, outPort } from './define.ts'
import { mayBe } from './file-format.ts'
import { fields, plainOptions } from './form.ts'

const fileFormats = ['auto', 'csv', 'json', 'ndjson', 'parquet'] as const
const encodings = ['utf-8', 'latin-1', 'utf-16'] as const
const oneCharacter = z.string().length(1)

const config = z.strictObject({
  path: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
    .describe(
      'A file, several files, or patterns such as `data/*.csv`, relative to the folder of the pipeline file. `{{name}}` stands for a parameter.',
    ),
  format: z
    .enum(fileFormats)
    .default('auto')
    .describe('`auto` goes by the name: .csv .tsv .txt .json .ndjson .jsonl .parquet, also with .gz or .zst.'),
  types: z
    .record(z.string(), castType)
    .default({})
    .describe('Types of columns by name, instead of those found by looking at the rows (not for Parquet).'),
  filename: z
    .string()
    .min(1)
    .optional()
    .describe('Name of an extra column that holds the path of the file a row came from.'),
  delimiter: z.string().min(1).max(4).optional().describe('CSV: between fields; found by looking when absent.'),
  quote: z.string().max(1).default('"').describe('CSV: around fields; empty for none.'),
  escape: z.string().max(1).optional().describe('CSV: before a quote inside quotes; the quote itself when absent.'),
  comment: oneCharacter.optional().describe('CSV: lines that start with this character are skipped.'),
  header: z.boolean().optional().describe('CSV: whether the first line holds names; found by looking when absent.'),
  skip: z.int().min(0).default(0).describe('CSV: lines to skip before the header.'),
  nullText: z
    .array(z.string())
    .default([])
    .describe('CSV: texts that mean NULL besides the empty field, e.g. `NA`. A quoted empty field is an empty text.'),
  encoding: z.enum(encodings).default('utf-8').describe('CSV: how characters are stored.'),
  decimalComma: z.boolean().default(false).describe('CSV: numbers are written `1,5`.'),
  dateFormat: z.string().min(1).optional().describe('CSV: how dates are written, e.g. `%d.%m.%Y`.'),
  timestampFormat: z.string().min(1).optional().describe('CSV: how timestamps are written, e.g. `%d.%m.%Y %H:%M`.'),
  allText: z.boolean().default(false).describe('CSV: every column is text; nothing is guessed.'),
  badRows: z
    .enum(['fail', 'skip'])
    .default('fail')
    .describe('CSV: a row that cannot be read fails the node, or is left out and counted in the log.'),
  shortRows: z
    .enum(['fail', 'pad'])
    .default('fail')
    .describe('CSV: a row with fewer fields than the header is a bad row, or is filled up with NULL.'),
  strict: z.boolean().default(true).describe('CSV: text after a closing quote and stray quotes are errors.'),
  records: z
    .string()
    .refine(isJsonPath, { error: 'is not a path into JSON such as data.items' })
    .optional()
    .describe('JSON: where in the document the array of records is, e.g. `data.items`.'),
})
export type FileConfig = z.infer<typeof config>

const isCsv = (config: { readonly path?: FileConfig['path']; readonly format?: string }) => mayBe(config, 'csv')

export const file = defineNode<FileConfig>({
  kind: 'file',
  title: 'File',
  category: 'source',
  icon: 'IconFileSpreadsheet',
  help: `Rows of CSV, JSON, NDJSON and Parquet files.

Files that end in .gz or .zst are unpacked while they are read; one that is damaged or was cut off before its end fails, however few of its
rows are used. Several files are joined by column name; a column that a file lacks is NULL in its rows. Names that occur twice in a header get a number.

**CSV.** The delimiter, the header and the types are found by looking at the start of the file, and fixed before the run: a later row
that does not fit is an error with its line, never a silent change, as soon as its column is used. Whole numbers too long for 64 bits and
numbers with more than 17 digits become decimals; a column that starts with shorter fractions is \`float64\`, which keeps 17 digits of later ones. An empty field is NULL, a quoted empty field is an empty text. Dates such as 1/2/2024, which fit both orders of day and month in every row looked
at, stay text with a warning: set \`dateFormat\`.

**JSON.** An array of objects, or one object, or an array found at \`records\`. Text is exact and so are whole numbers; columns with fractions are read as
64-bit floats. A column that is declared a decimal is exact: of fractions with more than 15 digits, which are sure only as text, in double quotes, it
fails. Text becomes a date, a time or a timestamp where all of a column
is written as ISO 8601 has it (\`2024-02-29\`, \`2024-02-29T10:00:00\`); with an offset (\`Z\`, \`+02:00\`) everywhere it becomes a
\`timestamptz\`. Inside objects, which become json, texts, keys and whole numbers
stay as they are written. Of files of more than 64 MiB together the first 20,480 records are looked at for keys and types, with a warning; later a
fraction among whole numbers is an error, and a key that is new is left out.

Nothing is taken from the environment: a path is read against the folder of the pipeline file, and only files named here can be read
by the run. A parameter in a path stands for a part of a name; a path that is nothing but one parameter may be any file.`,
  inputs: [],
  outputs: [outPort],
  config,
  defaults: { format: 'auto' },
  form: fields<FileConfig>(
    { name: 'path', label: 'File', editor: 'files' },
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
      name: 'types',
      label: 'Types',
      editor: 'types',
      port: 'out',
      when: (config) => mayBe(config, 'csv', 'json', 'ndjson'),
    },
    { name: 'records', label: 'Records at', editor: 'text', when: (config) => mayBe(config, 'json') },
    { name: 'header', label: 'First line holds names', editor: 'switch', placeholder: 'found by looking', when: isCsv },
    { name: 'delimiter', label: 'Delimiter', editor: 'text', placeholder: 'found by looking', when: isCsv },
    { name: 'encoding', label: 'Encoding', editor: 'choice', options: plainOptions(encodings), when: isCsv },
    { name: 'filename', label: 'Column for the file name', editor: 'text', more: true },
    { name: 'quote', label: 'Quote', editor: 'text', more: true, when: isCsv },
    { name: 'escape', label: 'Escape', editor: 'text', placeholder: 'the quote', more: true, when: isCsv },
    { name: 'comment', label: 'Comment', editor: 'text', more: true, when: isCsv },
    { name: 'skip', label: 'Lines to skip', editor: 'number', more: true, when: isCsv },
    { name: 'nullText', label: 'Texts for NULL', editor: 'texts', more: true, when: isCsv },
    { name: 'decimalComma', label: 'Decimal comma', editor: 'switch', more: true, when: isCsv },
    { name: 'dateFormat', label: 'Date format', editor: 'text', placeholder: '%d.%m.%Y', more: true, when: isCsv },
    {
      name: 'timestampFormat',
      label: 'Timestamp format',
      editor: 'text',
      placeholder: '%d.%m.%Y %H:%M',
      more: true,
      when: isCsv,
    },
    { name: 'allText', label: 'All columns are text', editor: 'switch', more: true, when: isCsv },
    {
      name: 'badRows',
      label: 'Rows that cannot be read',
      editor: 'choice',
      more: true,
      options: [
        { value: 'fail', label: 'Fail' },
        { value: 'skip', label: 'Leave out' },
      ],
      when: isCsv,
    },
    {
      name: 'shortRows',
      label: 'Rows that are too short',
      editor: 'choice',
      more: true,
      options: [
        { value: 'fail', label: 'Fail' },
        { value: 'pad', label: 'Fill up with NULL' },
      ],
      when: isCsv,
    },
    { name: 'strict', label: 'Strict quotes', editor: 'switch', more: true, when: isCsv },
  ),
  summary: ({ path }) => (typeof path === 'string' ? path : path.join(', ')),
})
