/** One measured number of `npm run bench`. */
export interface BenchFigure {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** What bounds it, measured in the same run: the same work done by hand. Null where nothing does. */
  readonly limit: number | null
  /** `value ÷ limit`, where there is a limit. */
  readonly ratio?: number | null
  /** What a reader must know to read it rightly. */
  readonly note?: string
}

export function figure(name: string, value: number, unit: string, limit: number | null = null): BenchFigure {
  const round = (n: number) => Math.round(n * 1000) / 1000
  return {
    name,
    value: round(value),
    unit,
    limit: limit === null ? null : round(limit),
    ratio: limit === null || limit === 0 ? null : round(value / limit),
  }
}
