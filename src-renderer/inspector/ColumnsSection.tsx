import { type Column, formatType } from '../../shared/data/types.ts'
import { registry } from '../../shared/nodes/registry.ts'
import { usePipeline } from '../stores/documents.ts'
import { useLooks, useNodeLook } from '../stores/looks.ts'
import classes from './inspector.module.css'
import { Section } from './Section.tsx'

/** The columns that come out of a node, by port, with their types. */
export function ColumnsSection({ document, node }: { document: string; node: string }) {
  const kind = usePipeline(document)?.nodes[node]?.kind ?? ''
  const look = useNodeLook(document, node)
  const stale = useLooks((state) => state.stale[document] ?? false)
  const ports = registry.get(kind)?.outputs ?? []
  const alike = sameColumns(ports.map(({ name }) => look?.columns[name] ?? null))
  const shown = alike ? ports.slice(0, 1) : ports
  const count = look?.columns[ports[0]?.name ?? '']?.length
  if (ports.length === 0) return null
  return (
    <Section title="Columns" opened note={stale ? 'checking…' : count === undefined ? '' : String(count)}>
      {shown.map((port) => (
        <div key={port.name}>
          {ports.length > 1 && (
            <div className={classes.port}>{alike ? ports.map(({ title }) => title).join(', ') : port.title}</div>
          )}
          <PortColumns title={port.title} columns={look?.columns[port.name]} broken={look?.error !== undefined} />
        </div>
      ))}
    </Section>
  )
}

function sameColumns(columns: readonly (readonly Column[] | null)[]): boolean {
  const [first] = columns
  return columns.length > 1 && columns.every((one) => JSON.stringify(one) === JSON.stringify(first))
}

interface PortColumnsProps {
  title: string
  columns: readonly Column[] | null | undefined
  broken: boolean
}

function PortColumns({ title, columns, broken }: PortColumnsProps) {
  if (columns === undefined) return <div className={classes.muted}>Not looked at yet.</div>
  if (columns === null) {
    return (
      <div className={classes.muted}>{broken ? 'Not known while something is wrong.' : 'Not known before a run.'}</div>
    )
  }
  return (
    <table className={classes.columns} aria-label={`Columns, ${title}`}>
      <tbody>
        {columns.map(({ name, type }) => (
          <tr key={name}>
            <td>{name}</td>
            <td title={formatType(type)}>{shortType(formatType(type))}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const shortType = (type: string): string => (type.length > 24 ? `${type.slice(0, 22)}…` : type)
