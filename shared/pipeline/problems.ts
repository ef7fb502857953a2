import { AppError, type ErrorCode, type ErrorReport } from '../errors.ts'
import { limits } from './limits.ts'
import { locate } from './locate.ts'
import { formatPath, type Path, place } from './place.ts'

/** One thing wrong with a document. `path` starts at the root. */
export interface Problem {
  code: ErrorCode
  path: Path
  message: string
  hint?: string
  /** 0-based offset into the text of the field that `path` names. */
  position?: number
}

/** Where a path points, in the words of a screen: the node and its field, besides the path itself. */
export function placeOf(path: Path, position?: number): ErrorReport['at'] {
  const inNode = path[0] === 'nodes' && typeof path[1] === 'string'
  const field = inNode ? formatPath(path[2] === 'config' ? path.slice(3) : path.slice(2)) : ''
  return {
    ...(inNode && typeof path[1] === 'string' ? { node: path[1] } : {}),
    ...(field === '' ? {} : { field }),
    ...(path.length === 0 ? {} : { path: formatPath(path) }),
    ...(position === undefined ? {} : { position }),
  }
}

/** A problem as plain data, without a line. */
export function problemReport(problem: Problem): ErrorReport {
  return {
    code: problem.code,
    message: problem.message,
    ...(problem.hint === undefined ? {} : { hint: problem.hint }),
    at: placeOf(problem.path, problem.position),
    retryable: false,
  }
}

/** Problems as plain data, in the order of the text, each with its line and column; `limits.problems` of them at most. */
export function locatedReports(problems: readonly Problem[], text: string): ErrorReport[] {
  const told = problems.slice(0, limits.problems)
  const offsets = locate(
    text,
    told.map((problem) => problem.path),
  )
  return told
    .map((problem, index) => ({ report: problemReport(problem), offset: offsets[index] ?? 0 }))
    .sort((a, b) => a.offset - b.offset)
    .map(({ report, offset }) => ({ ...report, at: { ...report.at, ...place(text, offset) } }))
}

/**
 * A document that cannot be used. Says everything that is wrong with it: `problems` in the order of the text (at most
 * `limits.problems`), the first of which gives the error its code and place.
 */
export class DocumentError extends AppError {
  readonly problems: readonly ErrorReport[]

  constructor(reports: readonly ErrorReport[]) {
    const [first] = reports
    const more = reports.length - 1
    const message = first?.message ?? 'The document cannot be used.'
    const atLeast = reports.length >= limits.problems ? 'at least ' : ''
    const count = more === 0 ? '' : ` (and ${atLeast}${more} more ${more === 1 ? 'problem' : 'problems'})`
    super(first?.code ?? 'DOC_SCHEMA', `${message}${count}`, { hint: first?.hint, at: first?.at })
    this.name = 'DocumentError'
    this.problems = reports
  }

  /** The first problem, with all of them beside it. */
  override toJSON(): ErrorReport & { problems: readonly ErrorReport[] } {
    return { ...super.toJSON(), problems: this.problems }
  }
}
