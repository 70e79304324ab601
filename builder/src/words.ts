import { createI18n, readLocale } from '@channelwright/runtime/react/words/i18n.ts'
import en from './locales/en.json'
import zh from './locales/zh.json'

/** The renderers' words with the designer's own beside them, in the namespace `builder`. */
export const words = createI18n(readLocale())
words.addResourceBundle('en', 'builder', en)
words.addResourceBundle('zh', 'builder', zh)
