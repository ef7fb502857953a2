const LARGEST = 0xffffff

/** Cuts the bytes of a socket into packets. Holds at most one partial packet. */
export class Framer {
  /** Number of the last packet taken or sent. */
  sequence = 0
  private readonly take: (data: Buffer, start: number, end: number) => boolean
  private held: Buffer[] = []
  private heldLength = 0
  /** Payloads of a packet that goes on in the next one. */
  private large: Buffer[] = []

  /** `take` returns true after the last packet; bytes behind it are not looked at. */
  constructor(take: (data: Buffer, start: number, end: number) => boolean) {
    this.take = take
  }

  push(chunk: Buffer): void {
    let at = 0
    while (this.heldLength > 0) {
      const missing = this.missing()
      const part = chunk.subarray(at, at + missing)
      this.held.push(part)
      this.heldLength += part.length
      at += part.length
      if (part.length < missing) return
      if (this.missing() > 0) continue
      const whole = Buffer.concat(this.held, this.heldLength)
      this.held = []
      this.heldLength = 0
      if (this.packet(whole, 0, whole.length)) return
    }
    while (chunk.length - at >= 4) {
      const end = at + 4 + lengthAt(chunk, at)
      if (end > chunk.length) break
      if (this.packet(chunk, at, end)) return
      at = end
    }
    if (at < chunk.length) {
      this.held = [chunk.subarray(at)]
      this.heldLength = chunk.length - at
    }
  }

  /** How many bytes the held packet lacks, as far as can be told: first its header, then all of it. */
  private missing(): number {
    if (this.heldLength < 4) return 4 - this.heldLength
    if (this.held.length > 1 && (this.held[0]?.length ?? 0) < 4) this.held = [Buffer.concat(this.held)]
    const [first] = this.held
    return first ? 4 + lengthAt(first, 0) - this.heldLength : 0
  }

  private packet(data: Buffer, start: number, end: number): boolean {
    this.sequence = data[start + 3] ?? 0
    const full = end - start - 4 === LARGEST
    if (!full && this.large.length === 0) return this.take(data, start + 4, end)
    this.large.push(data.subarray(start + 4, end))
    if (full) return false
    const whole = Buffer.concat(this.large)
    this.large = []
    return this.take(whole, 0, whole.length)
  }
}

const lengthAt = (data: Buffer, at: number) =>
  (data[at] ?? 0) | ((data[at + 1] ?? 0) << 8) | ((data[at + 2] ?? 0) << 16)
