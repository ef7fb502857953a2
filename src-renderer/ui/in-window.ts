/** For what opens over the window: on the side with more room, and no larger than that; it scrolls by itself then. */
export const inWindow = { flip: true, shift: true, size: true } as const
