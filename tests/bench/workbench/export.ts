import { join } from 'node:path'
import { type Measured, median } from '../measure.ts'
import { type Subject, serveSubjects } from './served.ts'

export interface ExportTimes {
  /** From Export on rows that are kept, in ms. */
  exported: number
  /** From Run to the end of the export. */
  whole: number
  /** `psql \\copy` of the same query. */
  theirs: number
}

/** Medians of rounds in which all three run one after the other. */
export async function measureExport(
  subject: Subject,
  sql: string,
  copy: (file: string) => Promise<Measured>,
  rounds: number,
): Promise<ExportTimes> {
  await using served = await serveSubjects([subject])
  const { api } = served.client
  const found: ExportTimes[] = []
  for (let round = 0; round <= rounds; round++) {
    const started = performance.now()
    const source = await served.run(subject.name, sql)
    const kept = performance.now()
    const path = join(served.home, 'ours.csv')
    for await (const _ of await api.results.export({ source, format: 'csv', path }));
    const ended = performance.now()
    const { ms } = await copy(join(served.home, 'theirs.csv'))
    if (round > 0) found.push({ exported: ended - kept, whole: ended - started, theirs: ms })
  }
  const of = (key: keyof ExportTimes) => median(found.map((times) => times[key]))
  return { exported: of('exported'), whole: of('whole'), theirs: of('theirs') }
}
