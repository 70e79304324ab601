import { type ComponentType, createContext, useContext } from 'react'
import type { FileInfo } from '../api/files.ts'
import type { FieldDefinition } from '../definition/object.ts'
import type { Json } from '../json.ts'
import type { Locale, Text } from '../text.ts'
import { choicesOf, choiceTitle } from './shared.ts'

/** What is wrong with a value, or with a part of it. */
export interface FieldProblem {
  /** JSON pointer from the value: `/2/quantity`. Empty: the value as a whole. */
  readonly path: string
  /** Empty where another field says it already. */
  readonly message: string
}

/** The event that asks the input of a field to focus a part of its value; `detail` is the part's JSON pointer. */
export const focusBelow = 'cw:focus-below'

/** What a form, a filter or a cell of a grid hands to the input of a field. */
export interface FieldWidgetProps {
  readonly id: string
  readonly field: FieldDefinition
  readonly value: Json | undefined
  /** Undefined empties the field. Input that cannot be read is handed on as typed, so that validation names it. */
  onChange(value: Json | undefined): void
  onBlur?(): void
  readonly label: string
  readonly help?: string
  readonly placeholder?: string
  readonly required: boolean
  readonly readonly: boolean
  readonly errors: readonly string[]
  /** What is wrong inside the value, for inputs that show it there. */
  readonly below?: readonly FieldProblem[]
  /** Inside a grid or a filter: no room for a label, which becomes the accessible name. */
  readonly bare?: boolean
  /** What ids in the record are called: id → title. */
  readonly titles?: Readonly<Record<string, string>>
}

export interface FieldCellProps {
  readonly field: FieldDefinition
  readonly value: Json
  /** The value as its field type formats it. */
  readonly text: string
  readonly titles?: Readonly<Record<string, string>>
}

export interface Candidate {
  readonly id: string
  readonly title: string
  readonly note?: string
}

/** A page of candidates; `next` leads on, null when there are no more. */
export interface CandidatePage {
  readonly rows: readonly Candidate[]
  readonly next: string | null
}

/** How faces send files and lead to them. */
export interface FileServices {
  /** Rejects with a problem in the reader's language; `kind` `network`: trying again may help. */
  send(
    file: File,
    options: { readonly signal: AbortSignal; onProgress(part: number): void },
  ): Promise<FileInfo>
  /** Those that the reader may see. */
  describe(ids: readonly string[]): Promise<readonly FileInfo[]>
  /** Where the file is opened. */
  href(id: string): string
}

/** What faces need of the page they stand on; runtime/react provides it. */
export interface FaceServices {
  readonly locale: Locale
  /** IANA name of the workspace's time zone: what a date-time without zone means. */
  readonly timeZone: string
  /** A finger rather than a mouse: native pickers serve better. */
  readonly touch: boolean
  searchRecords(object: string, query: string, cursor: string | null): Promise<CandidatePage>
  searchUsers(query: string, cursor: string | null): Promise<CandidatePage>
  /** Titles of ids that did not come with the record: a default, a draft that was restored. */
  findTitle(kind: { object: string } | 'user', id: string): Promise<string | null>
  /** Address of the record's page, if there is one for this reader. */
  recordHref(object: string, id: string): string | undefined
  /** Null in a preview: nothing is sent. */
  readonly files: FileServices | null
  /** The input of another field type, for fields that hold fields. */
  widget(fieldType: string): ComponentType<FieldWidgetProps>
}

const FaceContext = createContext<FaceServices | null>(null)
export const FaceProvider = FaceContext.Provider

export function useFace(): FaceServices {
  const services = useContext(FaceContext)
  if (!services) throw new Error('A field face stands outside <FaceProvider>')
  return services
}

/** Says a face's own words in the reader's language. */
export function useWords(): (text: Text) => string {
  const { locale } = useFace()
  return (text) => text[locale]
}

/** What Mantine's inputs take in common: label, help, error and the states, the same for every field. */
export function describeInput(props: FieldWidgetProps) {
  const common = {
    id: props.id,
    withAsterisk: props.required && !props.readonly,
    'aria-required': props.required || undefined,
    error: props.errors.length === 0 ? undefined : props.bare || props.errors.join(' ').trim() || true,
    placeholder: props.readonly ? undefined : props.placeholder,
    onBlur: props.onBlur,
  }
  return props.bare
    ? { ...common, 'aria-label': props.label, variant: 'unstyled' as const, px: 'xs' as const }
    : {
        ...common,
        label: props.label,
        description: props.help,
        variant: props.readonly ? ('filled' as const) : ('default' as const),
      }
}

/** The choices that may be picked: those in use, and the one already stored even when it was retired since. */
export function readChoices(
  field: FieldDefinition,
  locale: Locale,
  value: Json | undefined,
): { value: string; label: string }[] {
  const held = Array.isArray(value) ? value : [value]
  return choicesOf(field)
    .filter((choice) => !choice['x-retired'] || held.includes(choice.const))
    .map((choice) => ({ value: choice.const, label: choiceTitle(field, choice.const, locale) }))
}

/** How calendars name months and where their weeks begin. */
export function calendarOf(locale: Locale): { locale: string; firstDayOfWeek: 1 } {
  return { locale: locale === 'zh' ? 'zh-cn' : 'en', firstDayOfWeek: 1 }
}
