import fc from 'fast-check'

/**
 * Every run tries the same cases, so that a property that fails tells of what has changed. Others are looked for with
 * `PROPERTY_SEED=random`, or `PROPERTY_SEED=` and the number that a failure printed.
 */
const seed = process.env.PROPERTY_SEED ?? '20260101'

if (seed !== 'random') fc.configureGlobal({ seed: Number(seed) })

export { fc }
