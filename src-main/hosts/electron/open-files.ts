import { resolve } from 'node:path'
import { z } from 'zod'

/** What a second start tells the first one. */
export const startRequest = z.object({ files: z.array(z.string()) })

/** Pipeline files named on a command line, absolute. Everything else there belongs to Chromium. */
export function pipelineFiles(argv: readonly string[], folder: string): string[] {
  return argv
    .slice(1)
    .filter((argument) => !argument.startsWith('-') && argument.toLowerCase().endsWith('.pipeline.json'))
    .map((argument) => resolve(folder, argument))
}
