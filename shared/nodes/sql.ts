import { z } from 'zod'
import { quoteName, singleQuery } from '../sql/duckdb.ts'
import { sameName } from './columns.ts'
import { defineNode, type InputRelation, outPort } from './define.ts'
import { fields } from './form.ts'

const config = z.strictObject({
  sql: z.string().min(1).describe('One SELECT in DuckDB SQL over the inputs. `:name` stands for a pipeline parameter.'),
})

export const sql = defineNode<z.infer<typeof config>>({
  kind: 'sql',
  title: 'SQL',
  category: 'transform',
  icon: 'IconSql',
  help: `Any SELECT over the rows that arrive, in DuckDB SQL.

Every edge into the node says with \`toPort\` under which table name its rows are read. An edge that does not is the
table \`input\`, or \`"in"\`, in quotes because IN is a keyword.

\`\`\`json
{ "sql": "select o.*, c.name from orders o left join customers c on c.id = o.customer_id" }
\`\`\`

\`WITH\`, set operations and \`VALUES\` work too. It must be one query and can read nothing but its inputs: no files, no
other tables, no settings.`,
  inputs: [{ name: 'in', title: 'Tables in', named: true, optional: true }],
  outputs: [outPort],
  config,
  defaults: { sql: 'select * from input' },
  form: fields<z.infer<typeof config>>({ name: 'sql', label: 'SQL', editor: 'sql' }),
  summary: ({ sql: text }) => text.trim().split('\n')[0] ?? '',
  parameterFields: ['sql'],
  sql({ sql: text }, inputs) {
    const query = singleQuery(text, 'sql')
    const tables = withInputTable(inputs).map(
      ({ name, relation }) => `${quoteName(name)} AS NOT MATERIALIZED (SELECT * FROM ${relation})`,
    )
    const names = tables.length === 0 ? '' : `WITH ${tables.join(', ')} `
    return { out: `${names}SELECT * FROM (${query}\n)` }
  },
  // The query may read a table as often as it likes.
  readsOnce: () => false,
})

/** `in` is a keyword, so its rows are also the table `input`, unless another edge has that name. */
function withInputTable(inputs: readonly InputRelation[]): { name: string; relation: string }[] {
  const tables = inputs.map(({ port, relation }) => ({ name: port, relation }))
  const unnamed = tables.find(({ name }) => name === 'in')
  if (unnamed === undefined || tables.some(({ name }) => sameName(name, 'input'))) return tables
  return [...tables, { name: 'input', relation: unnamed.relation }]
}
