import type { CreateOptions, FindOptions, Model, ModelStatic, Transaction, WhereOptions } from 'sequelize'
import { z } from 'zod'

/** One table, seen as parsed records. Sequelize's models stay behind this line. */
export class Table<T> {
  readonly #model: ModelStatic<Model>
  readonly #record: z.ZodType<T>

  constructor(model: ModelStatic<Model>, record: z.ZodType<T>) {
    this.#model = model
    this.#record = record
  }

  async find(options: FindOptions = {}): Promise<T[]> {
    const rows = await this.#model.findAll({ ...options, raw: true })
    return z.array(this.#record).parse(rows)
  }

  async first(options: FindOptions): Promise<T | undefined> {
    return (await this.find({ ...options, limit: 1 }))[0]
  }

  /** Inserts; a key that is there already is a UniqueConstraintError. */
  async insert(values: Values[], transaction?: Transaction): Promise<void> {
    if (values.length > 0) await this.#model.bulkCreate(values, during(transaction))
  }

  /** Inserts what is not there yet. */
  async insertMissing(values: Values[], transaction?: Transaction): Promise<void> {
    await this.#model.bulkCreate(values, { ...during(transaction), ignoreDuplicates: true })
  }

  /** Some columns of every row, parsed as another record. */
  async pick<P>(record: z.ZodType<P>, attributes: string[], options: FindOptions = {}): Promise<P[]> {
    return z.array(record).parse(await this.#model.findAll({ ...options, attributes, raw: true }))
  }

  /** Inserts, or overwrites `fields` of rows whose key is there already. */
  async put(values: Values[], fields: string[], transaction?: Transaction): Promise<void> {
    if (values.length > 0) await this.#model.bulkCreate(values, { ...during(transaction), updateOnDuplicate: fields })
  }

  /** Returns how many rows changed. */
  async update(values: Values, where: WhereOptions, transaction?: Transaction): Promise<number> {
    const [changed] = await this.#model.update(values, { where, ...during(transaction) })
    return changed
  }

  /** Returns how many rows went. */
  remove(where: WhereOptions, transaction?: Transaction): Promise<number> {
    return this.#model.destroy({ where, ...during(transaction) })
  }
}

/** Column values as they are stored: JSON already as text. */
export type Values = Record<string, string | number | boolean | null>

const during = (transaction: Transaction | undefined): Pick<CreateOptions, 'transaction'> =>
  transaction ? { transaction } : {}
