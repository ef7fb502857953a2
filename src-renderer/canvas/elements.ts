/** Ids in the page of what is on the canvas, for what points at it. */
export const cardElement = (id: string): string => `card-${id}`
export const noteElement = (id: string): string => `note-${id}`
export const frameElement = (id: string): string => `group-${id}`
