/** What a pipeline document may not exceed. Checked before anything deeper is looked at. */
export const limits = {
  /** Size of the text, in UTF-8 bytes. */
  bytes: 20 * 1024 * 1024,
  /** Objects and arrays inside each other. */
  depth: 64,
  nodes: 5_000,
  edges: 20_000,
  parameters: 500,
  /** Characters of an id, a parameter's name or a port's name. */
  name: 100,
  /** Problems reported for one document. */
  problems: 100,
} as const
