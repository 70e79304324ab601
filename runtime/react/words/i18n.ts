import i18next, { type i18n } from 'i18next'
import { useCallback } from 'react'
import { initReactI18next, useTranslation } from 'react-i18next'
import { type Locale, locales } from '../../src/text.ts'
import { en, type WordKey } from './en.ts'
import { zh } from './zh.ts'

const kept = 'cw.locale'

function isLocale(value: unknown): value is Locale {
  return locales.some((locale) => locale === value)
}

/** The language chosen before on this device, else the first of the browser's that we speak. */
export function readLocale(): Locale {
  const chosen = localStorage.getItem(kept)
  if (isLocale(chosen)) return chosen
  for (const wanted of navigator.languages) {
    const short = wanted.slice(0, 2).toLowerCase()
    if (isLocale(short)) return short
  }
  return 'en'
}

/** A translator of the screens' words; switching its language redraws every screen that uses it. */
export function createI18n(locale: Locale): i18n {
  const instance = i18next.createInstance()
  void instance.use(initReactI18next).init({
    lng: locale,
    fallbackLng: 'en',
    resources: { en: { translation: en }, zh: { translation: zh } },
    keySeparator: false,
    nsSeparator: false,
    // React escapes what it draws.
    interpolation: { escapeValue: false },
    initAsync: false,
    returnNull: false,
  })
  return instance
}

export interface Speech {
  readonly locale: Locale
  say(key: WordKey, values?: Readonly<Record<string, unknown>>): string
  /** Switches at once, on every screen, and remembers it on this device. */
  setLocale(locale: Locale): void
}

export function useSpeech(): Speech {
  const { t, i18n } = useTranslation()
  const say = useCallback(
    (key: WordKey, values: Readonly<Record<string, unknown>> = {}) => t(key, { ...values }) as string,
    [t],
  )
  const setLocale = useCallback(
    (locale: Locale) => {
      localStorage.setItem(kept, locale)
      void i18n.changeLanguage(locale)
    },
    [i18n],
  )
  return { locale: isLocale(i18n.language) ? i18n.language : 'en', say, setLocale }
}
