import { z } from 'zod'
import { isJsonPath } from '../data/json-path.ts'
import { columnList, columnSpec } from './column-spec.ts'
import { defineNode, outPort } from './define.ts'
import { fields, plainOptions } from './form.ts'

const jsonPath = z.string().refine(isJsonPath, { error: 'is not a path into JSON such as data.items' })
const secret = z.strictObject({
  secret: z.string().min(1).describe('Name of the secret.'),
  prefix: z.string().optional().describe('Text before the secret, e.g. `Bearer `.'),
})
const scalar = z.union([z.string(), z.number(), z.boolean()])
const place = z
  .enum(['query', 'body'])
  .default('query')
  .describe(
    'Where the value goes: a query parameter, or a field of the JSON body, whose name may be a path such as `variables.after`.',
  )

const pagination = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none') }),
  z.strictObject({
    type: z.literal('page'),
    parameter: z.string().min(1).default('page').describe('Name of the page number.'),
    in: place,
    start: z.int().default(1).describe('Number of the first page.'),
  }),
  z.strictObject({
    type: z.literal('offset'),
    parameter: z.string().min(1).default('offset').describe('Name of the offset, which grows by the records received.'),
    in: place,
    start: z.int().default(0).describe('The first offset.'),
  }),
  z.strictObject({
    type: z.literal('cursor'),
    parameter: z.string().min(1).describe('Name under which the cursor is sent.'),
    in: place,
    path: jsonPath.describe('Where the answer holds the next cursor; the last page has none, null or an empty text.'),
  }),
  z.strictObject({
    type: z.literal('link'),
    path: jsonPath
      .optional()
      .describe('Where the answer holds the address of the next page; the Link header (rel="next") when absent.'),
    otherOrigins: z
      .boolean()
      .default(false)
      .describe('Follows addresses on other hosts too; secrets are never sent there.'),
  }),
])

const methods = ['GET', 'POST', 'PUT', 'PATCH'] as const

const config = z.strictObject({
  method: z.enum(methods).default('GET').describe('How the request is made.'),
  url: z
    .string()
    .min(1)
    .describe(
      'Address, http or https. `{{name}}` stands for a parameter and is percent-encoded; at the very start it is the base address, as in `{{base_url}}/orders`.',
    ),
  query: z
    .record(z.string(), z.union([scalar, z.array(scalar), secret]))
    .default({})
    .describe('Query parameters; an array repeats the parameter. A parameter that is NULL is left out.'),
  headers: z
    .record(z.string(), z.union([z.string(), secret]))
    .default({})
    .describe(
      'Headers; a secret is named, never written: `{ "Authorization": { "secret": "shop_token", "prefix": "Bearer " } }`.',
    ),
  body: z
    .json()
    .optional()
    .describe(
      'JSON body. A text that is only `{{name}}` becomes the value with its type; inside longer text it becomes text.',
    ),
  format: z.enum(['json', 'ndjson', 'csv']).default('json').describe('What the server answers with.'),
  records: jsonPath
    .default('')
    .describe('Where the records are in the answer, e.g. `data.items`; empty: the answer itself.'),
  missingRecords: z
    .enum(['fail', 'empty'])
    .default('fail')
    .describe('What it means when there is nothing at `records`.'),
  columns: columnList(
    columnSpec.extend({ path: jsonPath.optional().describe('Where the value is in a record; the name when absent.') }),
  )
    .optional()
    .describe('Columns with their types. Without them the types are found by looking at the records.'),
  pagination: pagination.default({ type: 'none' }).describe('How the answer is cut into pages.'),
  more: jsonPath
    .optional()
    .describe(
      'Where the answer says whether there is another page; the last page has false, null, 0 or nothing there.',
    ),
  pageSize: z.int().min(1).optional().describe('A page with fewer records than this is the last one.'),
  maxPages: z
    .int()
    .min(1)
    .optional()
    .describe('Pages to read at most; what comes after is left unread, and the log says so.'),
  timeoutSeconds: z.number().positive().max(300).default(60).describe('For each request, answer included.'),
  tries: z
    .int()
    .min(1)
    .max(20)
    .default(4)
    .describe('How often a request is tried when the network or the server (429, 5xx) fails it.'),
  maxWaitSeconds: z
    .number()
    .min(0)
    .max(3600)
    .default(60)
    .describe('The longest wait between tries. Waits double from half a second, unless the server says Retry-After.'),
  maxMegabytes: z
    .number()
    .positive()
    .max(256)
    .default(64)
    .describe('The largest answer that is taken, unpacked, in MiB.'),
})
export type HttpConfig = z.infer<typeof config>

type Given = { readonly [K in keyof HttpConfig]?: unknown }
const isJson = ({ format = 'json' }: Given) => format === 'json'
const isPaged = ({ pagination }: { readonly pagination?: Pagination }) =>
  pagination !== undefined && pagination.type !== 'none'

type Pagination = HttpConfig['pagination']
const counts = ({ type: name }: { readonly type?: Pagination['type'] }) => name === 'page' || name === 'offset'

const pageFields = fields<Pagination>(
  {
    name: 'type',
    label: 'Found by',
    editor: 'choice',
    options: [
      { value: 'none', label: 'One answer only' },
      { value: 'page', label: 'Page number' },
      { value: 'offset', label: 'Offset' },
      { value: 'cursor', label: 'Cursor in the answer' },
      { value: 'link', label: 'Address of the next page' },
    ],
  },
  {
    name: 'parameter',
    label: 'Parameter',
    editor: 'text',
    when: (config) => counts(config) || config.type === 'cursor',
  },
  {
    name: 'in',
    label: 'Sent in',
    editor: 'choice',
    options: [
      { value: 'query', label: 'Query' },
      { value: 'body', label: 'Body' },
    ],
    when: (config) => counts(config) || config.type === 'cursor',
  },
  { name: 'start', label: 'Starts at', editor: 'number', when: counts },
  {
    name: 'path',
    label: 'Found at',
    editor: 'text',
    placeholder: 'the Link header',
    when: ({ type: name }) => name === 'cursor' || name === 'link',
  },
  { name: 'otherOrigins', label: 'Other hosts too', editor: 'switch', when: ({ type: name }) => name === 'link' },
)

export const http = defineNode<HttpConfig>({
  kind: 'http',
  title: 'HTTP',
  category: 'source',
  icon: 'IconWorldDownload',
  help: `Records of a web service.

\`{{name}}\` stands for the value of a pipeline parameter in the address, the query parameters, the headers and the body. Values are data: in an address they
are percent-encoded, in the body they cannot end a text or add a field. \`\\{{name}}\` is that text itself.

**Secrets** are named in \`headers\` or \`query\` and joined in just before a request. They are sent to the host of \`url\` only: a redirect or a next page on
another host does not get them. They never appear in errors or logs.

**Pages.** \`page\` counts pages, \`offset\` counts records, \`cursor\` sends back what the answer holds, \`link\` follows an address. Pages and offsets end with the first page
that has no records, or sooner by \`more\` or \`pageSize\`. A cursor or an address that comes back, or a page equal to the one before it, is an error, not an endless run.

**Exact values.** With \`columns\`, numbers are taken as they are written, digit by digit. Without, the records are looked at after the last page, and fractions are
64-bit floats.`,
  inputs: [],
  outputs: [outPort],
  config,
  defaults: { method: 'GET' },
  form: fields<HttpConfig>(
    { name: 'method', label: 'Method', editor: 'choice', options: plainOptions(methods) },
    {
      name: 'url',
      label: 'Address',
      editor: 'text',
      templates: true,
      placeholder: 'https://api.example.com/orders',
    },
    {
      name: 'query',
      label: 'Query parameters',
      editor: 'requestValues',
      help: 'A name that stands here twice is sent twice.',
    },
    {
      name: 'headers',
      label: 'Headers',
      editor: 'requestValues',
      help: 'A secret is named here and kept by the vault, never in the file.',
    },
    { name: 'body', label: 'Body', editor: 'body', when: ({ method }) => method !== undefined && method !== 'GET' },
    {
      name: 'format',
      label: 'Answer',
      editor: 'choice',
      options: [
        { value: 'json', label: 'JSON' },
        { value: 'ndjson', label: 'NDJSON' },
        { value: 'csv', label: 'CSV' },
      ],
    },
    { name: 'records', label: 'Records at', editor: 'text', placeholder: 'the answer itself', when: isJson },
    {
      name: 'missingRecords',
      label: 'When nothing is there',
      editor: 'choice',
      options: [
        { value: 'fail', label: 'Fail' },
        { value: 'empty', label: 'No records' },
      ],
      when: ({ records = '' }) => records !== '',
    },
    {
      name: 'columns',
      label: 'Columns',
      editor: 'list',
      item: 'column',
      placeholder: 'found by looking at the records',
      fields: fields<NonNullable<HttpConfig['columns']>[number]>(
        { name: 'name', label: 'Name', editor: 'text' },
        { name: 'type', label: 'Type', editor: 'type' },
        { name: 'path', label: 'Path', editor: 'text', placeholder: 'as the name' },
      ),
    },
    { name: 'pagination', label: 'Pages', editor: 'group', fields: pageFields },
    { name: 'more', label: 'More pages at', editor: 'text', when: isPaged },
    { name: 'pageSize', label: 'Page size', editor: 'number', placeholder: 'not known', when: isPaged },
    { name: 'maxPages', label: 'Pages at most', editor: 'number', placeholder: 'all', when: isPaged },
    { name: 'timeoutSeconds', label: 'Timeout (s)', editor: 'number', more: true },
    { name: 'tries', label: 'Tries', editor: 'number', more: true },
    { name: 'maxWaitSeconds', label: 'Longest wait (s)', editor: 'number', more: true },
    { name: 'maxMegabytes', label: 'Largest answer (MiB)', editor: 'number', more: true },
  ),
  summary: ({ method, url }) => `${method} ${url.split('?')[0] ?? url}`,
})
