/** The languages of screens, packs, errors and mails. */
export const locales = ['en', 'zh'] as const
export type Locale = (typeof locales)[number]

/** One sentence or word in every language of the product. */
export type Text = Record<Locale, string>

/** The text in the wanted language, with `{name}` placeholders replaced by `values`; one that is a text itself speaks it too. */
export function formatText(
  text: Text,
  locale: Locale,
  values: Readonly<Record<string, unknown>> = {},
): string {
  return text[locale].replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? String(wordOf(values[name], locale)) : whole,
  )
}

function wordOf(value: unknown, locale: Locale): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, locale)) return value
  return (value as Text)[locale]
}
