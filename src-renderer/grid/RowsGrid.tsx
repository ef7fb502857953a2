import { AllCommunityModule, type ColDef, type IDatasource, ModuleRegistry, themeQuartz } from 'ag-grid-community'
import { AgGridReact } from 'ag-grid-react'
import { useMemo, useState } from 'react'
import type { CellText, ResultSource } from '../../shared/contract/results.ts'
import type { Column } from '../../shared/data/types.ts'
import { api } from '../api/client.ts'

ModuleRegistry.registerModules([AllCommunityModule])

interface GridRow {
  cells: CellText[]
}

/** Rows of a result, in windows from the engine. */
export default function RowsGrid({ source }: { source: ResultSource }) {
  const [columns, setColumns] = useState<Column[]>([])
  const definitions = useMemo(
    () =>
      columns.map(
        ({ name }, index): ColDef<GridRow> => ({
          colId: String(index),
          headerName: name,
          valueGetter: ({ data }) => data?.cells[index],
        }),
      ),
    [columns],
  )
  const datasource = useMemo(
    (): IDatasource => ({
      async getRows({ startRow, endRow, successCallback, failCallback }) {
        try {
          const {
            columns: found,
            rows,
            total,
          } = await api.results.window({ source, offset: startRow, limit: endRow - startRow })
          setColumns((before) => (before.length === 0 ? found : before))
          successCallback(
            rows.map((cells): GridRow => ({ cells })),
            total,
          )
        } catch {
          failCallback()
        }
      },
    }),
    [source],
  )
  return (
    <div style={{ height: '100%' }}>
      <AgGridReact<GridRow>
        theme={themeQuartz}
        rowModelType="infinite"
        columnDefs={definitions}
        datasource={datasource}
      />
    </div>
  )
}
