import type { SchemaDetail } from '../../shared/contract/schema.ts'

/** What a table has, part by part, in the order it is shown. */
export const parts = ['columns', 'indexes', 'foreignKeys', 'referencedBy', 'checks', 'triggers'] as const
export type Part = (typeof parts)[number]

export const partTitles: Readonly<Record<Part, string>> = {
  columns: 'Columns',
  indexes: 'Indexes',
  foreignKeys: 'Foreign keys',
  referencedBy: 'Referenced by',
  checks: 'Checks',
  triggers: 'Triggers',
}

/** Something a table has besides columns, in words. */
export interface Fact {
  part: Exclude<Part, 'columns'>
  name: string
  /** Beside the name, dim. */
  text: string
  /** The table at the other end. */
  to?: { schema: string | null; name: string }
}

/** Parts that an object has something of. */
export const partsOf = (detail: SchemaDetail): Part[] =>
  parts.filter((part) => part === 'columns' || detail[part].length > 0)

/** Indexes, keys and the like of an object, in words. */
export function facts(detail: SchemaDetail, part: Exclude<Part, 'columns'>): Fact[] {
  switch (part) {
    case 'indexes':
      return detail.indexes.map(({ name, columns, unique, primary, condition, method }) => ({
        part,
        name: columns.join(', '),
        text: [
          ...(primary ? ['primary key'] : unique ? ['unique'] : []),
          ...(method === null || /^btree$/i.test(method) ? [] : [method]),
          ...(condition === null ? [] : [`where ${condition}`]),
          name,
        ].join(' · '),
      }))
    case 'foreignKeys':
      return detail.foreignKeys.map(({ columns, references, onDelete }) => ({
        part,
        name: columns.join(', '),
        text: `→ ${targetText(references, detail.schema)}${ruleText(onDelete)}`,
        to: { schema: references.schema, name: references.table },
      }))
    case 'referencedBy':
      return detail.referencedBy.map(({ schema, table, columns }) => ({
        part,
        name: schema === null || schema === detail.schema ? table : `${schema}.${table}`,
        text: columns.join(', '),
        to: { schema, name: table },
      }))
    case 'checks':
      return detail.checks.map(({ name, expression }) => ({ part, name: expression, text: name ?? '' }))
    case 'triggers':
      return detail.triggers.map(({ name, fires }) => ({ part, name, text: fires }))
  }
}

function targetText(
  { schema, table, columns }: { schema: string | null; table: string; columns: readonly string[] },
  from: string | null,
): string {
  const name = schema === null || schema === from ? table : `${schema}.${table}`
  return columns.length === 0 ? name : `${name} (${columns.join(', ')})`
}

const ruleText = (rule: string | null) =>
  rule === null || /^(no action|restrict)$/i.test(rule) ? '' : ` · on delete ${rule.toLowerCase()}`

const steps: readonly [number, string][] = [
  [1e9, 'bn'],
  [1e6, 'M'],
  [1e3, 'k'],
]

/** An estimate of rows, short: `≈ 830`, `≈ 12 k`, `≈ 1.2 M`. */
export function estimateText(rows: number): string {
  for (const [step, unit] of steps) {
    // 999,600 is a million, not a thousand thousands.
    if (rows < step * 0.9995) continue
    const parts = rows / step
    return `≈ ${parts < 9.95 ? parts.toFixed(1).replace(/\.0$/, '') : Math.round(parts)} ${unit}`
  }
  return `≈ ${Math.round(rows)}`
}
