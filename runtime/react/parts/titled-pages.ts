/** A page of entries, with titles of what they name by id or key. */
interface TitledPage<Entry> {
  readonly entries: readonly Entry[]
  readonly titles: Readonly<Record<string, string>>
}

/** All entries and titles of the pages that have come so far. */
export function gatherPages<Entry>(pages: readonly TitledPage<Entry>[] = []): TitledPage<Entry> {
  return {
    entries: pages.flatMap((page) => page.entries),
    titles: Object.assign({}, ...pages.map((page) => page.titles)),
  }
}
