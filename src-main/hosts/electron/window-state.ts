import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'

const rectangle = z.object({ x: z.int(), y: z.int(), width: z.int(), height: z.int() })
type Rectangle = z.infer<typeof rectangle>

const windowState = z.object({ bounds: rectangle, maximized: z.boolean() })
/** Where a window stood; in pixels that do not depend on the display's density. */
export type WindowState = z.infer<typeof windowState>

/** The state that was kept; undefined when there is none that can be read. */
export function readWindowState(file: string): WindowState | undefined {
  try {
    return windowState.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return undefined
  }
}

/** Losing it is no reason to keep a window from closing. */
export function keepWindowState(file: string, state: WindowState): void {
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, JSON.stringify(state))
  } catch {
    return
  }
}

export const smallest = { width: 800, height: 560 }
const usual = { width: 1440, height: 900 }
/** How much of the window's top edge must be on a display for the user to get hold of it. */
const grip = { width: 120, height: 40 }

/** Where to open a window: where it was, if its top edge can still be reached; else the usual size, placed by the system. */
export function placeWindow(
  kept: WindowState | undefined,
  workAreas: readonly Rectangle[],
): { bounds: Partial<Rectangle>; maximized: boolean } {
  if (!kept) return { bounds: usual, maximized: false }
  const { bounds, maximized } = kept
  const reachable = workAreas.some(
    (area) =>
      overlap(bounds.x, bounds.width, area.x, area.width) >= grip.width &&
      overlap(bounds.y, grip.height, area.y, area.height) >= grip.height,
  )
  const size = { width: Math.max(bounds.width, smallest.width), height: Math.max(bounds.height, smallest.height) }
  return { bounds: reachable ? { ...bounds, ...size } : size, maximized }
}

const overlap = (a: number, aSize: number, b: number, bSize: number) => Math.min(a + aSize, b + bSize) - Math.max(a, b)
