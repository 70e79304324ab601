/**
 * Every definition of a workspace (or of packs under check), by key. Migrated to today's formats. The file of each kind
 * adds its own map: `objects`, `forms`, …, by the name that `setNameOf` gives.
 */
export interface DefinitionSet {
  /**
   * `object:partner`, …: definitions that are there but could not be read. Checks do not report them as missing, so
   * that one broken file does not look like twenty.
   */
  readonly incomplete?: ReadonlySet<string>
}

/** What rules over records lean on: what a form needs, also where nothing else of the release is known. */
export type RuleDefinitions = Pick<DefinitionSet, 'objects' | 'rules' | 'calendars'>

/** One saved definition as text with its address: what drafts, releases and folders hold. */
export interface DefinitionSource {
  /** Key of the pack it belongs to. */
  readonly pack: string
  /** Path inside the pack's folder: `objects/order.json`. */
  readonly path: string
  /** The JSON text, byte for byte. */
  readonly text: string
}
