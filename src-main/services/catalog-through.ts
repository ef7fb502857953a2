import type { Catalog } from '../dialects/dialect.ts'

/** The catalog with each answer passed through a function that may explain its failure or act upon it. */
export function catalogThrough(catalog: Catalog, through: <T>(answer: Promise<T>) => Promise<T>): Catalog {
  return {
    objects: (signal) => through(catalog.objects(signal)),
    object: (ref, signal) => through(catalog.object(ref, signal)),
    definition: (ref, signal) => through(catalog.definition(ref, signal)),
    diagram: (part, signal) => through(catalog.diagram(part, signal)),
    functions: (signal) => through(catalog.functions(signal)),
  }
}
