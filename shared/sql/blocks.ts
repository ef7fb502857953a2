import type { Lexis } from './scan.ts'

/** What is open: `branch` has THEN and ELSE before statements, `counted` has DO, `expression` is a CASE among values. */
type Block = 'block' | 'branch' | 'counted' | 'repeat' | 'expression'

const openers: Readonly<Record<string, Block>> = {
  begin: 'block',
  loop: 'block',
  repeat: 'repeat',
  if: 'branch',
  case: 'branch',
  while: 'counted',
  for: 'counted',
}

/** Behind these, and behind what opens a block of its own, another statement begins. */
const atOnce = /^(begin|loop|repeat)$/

/** What has a body with semicolons, by style. */
const routines = {
  none: /^$/,
  triggers: /^trigger$/,
  atomic: /^(procedure|function)$/,
  procedures: /^(trigger|procedure|function|event)$/,
}

/** What else CREATE may make, before whose name no kind of routine can stand. */
const others = /^(table|view|index|database|schema|user|role|sequence|server|tablespace|type|domain|extension|rule)$/

/** What the body of a procedure may begin with, as far as the words behind it could be taken for blocks. */
const bodies =
  /^(begin|if|case|while|loop|repeat|for|select|insert|update|delete|replace|set|return|call|with|values|do)$/

/**
 * Follows the words of one statement, to tell whether semicolons are inside a block of it. BEGIN, IF and the like open one only where a
 * statement may begin: elsewhere they are functions, options or names.
 */
export class Blocks {
  private readonly style: Lexis['blocks']
  private readonly stack: Block[] = []
  private place: 'first' | 'plain' | 'create' | 'header' | 'body' = 'first'
  private kind = ''
  private parens = 0
  /** A statement may begin here. */
  private start = true
  /** The word before could be a label. */
  private label = false
  /** The statement of the body declares something, maybe a handler with a block. */
  private declares = false
  private before: [string, string] = ['', '']
  private sign = ''

  constructor(style: Lexis['blocks']) {
    this.style = style
  }

  get open(): boolean {
    return this.stack.length > 0
  }

  take({ type, text }: { type: string; text: string }): void {
    if (this.style === 'none' || type === 'mark') return
    if (type !== 'text' && type !== 'end') return this.word('')
    for (const [part] of text.matchAll(/[\p{L}_$@][\p{L}\p{N}_$@]*|\d\w*|[^\s\w]/gu)) {
      if (/^[\p{L}_$@\d]/u.test(part)) this.word(part.toLowerCase())
      else this.signed(part)
    }
  }

  private signed(sign: string): void {
    if (sign === '(') this.parens++
    else if (sign === ')') this.parens = Math.max(0, this.parens - 1)
    else if (sign === ';') this.next()
    else if (sign === ':' && this.label) {
      this.start = true
      if (this.place === 'plain') this.place = 'first'
    }
    this.label = false
    this.sign = sign
  }

  /** Behind a semicolon inside a block. */
  private next(): void {
    this.start = true
    this.declares = false
    this.parens = 0
    this.before = ['', '']
  }

  private word(word: string): void {
    const name = this.parens > 0 || this.sign === '.' || this.sign === '@'
    this.label = false
    this.sign = ''
    if (!name) this.at(word)
    this.before = [this.before[1], name ? '' : word]
  }

  private at(word: string): void {
    switch (this.place) {
      case 'first':
        return this.first(word)
      case 'plain':
        // `begin not atomic` is a block; BEGIN alone begins a transaction.
        if (this.style === 'procedures' && word === 'atomic' && this.before.join(' ') === 'begin not') {
          this.enter('block')
        }
        return
      case 'create':
        if (others.test(word)) this.place = 'plain'
        else if (routines[this.style].test(word)) {
          this.place = 'header'
          this.kind = word
        }
        return
      case 'header':
        return this.header(word)
      case 'body':
        return this.body(word)
    }
  }

  private first(word: string): void {
    const procedures = this.style === 'procedures'
    this.place = 'plain'
    if (word === 'create' || (procedures && word === 'alter')) this.place = 'create'
    else if (procedures && word !== 'begin' && Object.hasOwn(openers, word)) {
      this.place = 'body'
      this.body(word)
    } else this.label = word !== 'begin'
  }

  private header(word: string): void {
    if (this.style === 'procedures') {
      if (!this.beginsBody(word)) return
      this.place = 'body'
      this.body(word)
    } else if (this.style === 'atomic' ? word === 'atomic' && this.before[1] === 'begin' : word === 'begin') {
      this.enter('block')
    } else this.value(word)
  }

  /** Whether the body of a routine of MySQL begins with the word. */
  private beginsBody(word: string): boolean {
    const [second, first] = this.before
    if (this.kind === 'event') return first === 'do'
    if (this.kind === 'trigger') {
      return !/^(follows|precedes)$/.test(word) && (first === 'row' || /^(follows|precedes)$/.test(second))
    }
    return bodies.test(word) && !/^(procedure|function|returns|character|charset)$/.test(first)
  }

  private body(word: string): void {
    const { start } = this
    this.start = false
    const opener = Object.hasOwn(openers, word) ? openers[word] : undefined
    if ((start || (word === 'begin' && this.declares)) && opener) {
      this.stack.push(opener)
      this.start = atOnce.test(word)
    } else if (start) {
      this.declares = word === 'declare'
      if (word === 'end') this.stack.pop()
      else if (word === 'else') this.start = true
      else this.label = true
    } else this.within(word)
  }

  /** A word behind the first of a statement. */
  private within(word: string): void {
    const top = this.stack.at(-1)
    if (top === 'branch' && (word === 'then' || word === 'else')) this.start = true
    else if (top === 'counted' && word === 'do') this.start = true
    else if (top === 'repeat' && word === 'end') this.stack.pop()
    else this.value(word)
  }

  /** CASE among values, which ends without a word behind END. */
  private value(word: string): void {
    if (word === 'case' && this.before[1] !== 'end') this.stack.push('expression')
    else if (word === 'end' && this.stack.at(-1) === 'expression') this.stack.pop()
  }

  private enter(block: Block): void {
    this.place = 'body'
    this.stack.push(block)
    this.start = true
  }
}
