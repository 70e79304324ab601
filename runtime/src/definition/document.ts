import Type, { type Static } from 'typebox'
import { checkDocument } from './check-document.ts'
import { defineKind } from './kind.ts'
import { header, Key, RuleJson, TextSchema, XId } from './shared.ts'

const closed = { additionalProperties: false }
/** What every block carries: one whose rule does not hold is left out. */
const block = { 'x-id': XId, when: Type.Optional(RuleJson) }
/** A field of the record, or a path through references: `partner.legal_name`. */
const Path = Type.String({
  pattern: '^[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*){0,3}$',
  maxLength: 160,
  description: 'A field, or a path through references: partner.legal_name.',
})
/** Text in which `{{amount}}` stands for a field or one of `values`. */
const Filled = TextSchema

export const BlockSchema = Type.Union([
  Type.Object(
    { ...block, type: Type.Literal('heading'), text: Filled, level: Type.Optional(Type.Enum([1, 2, 3])) },
    closed,
  ),
  Type.Object(
    {
      ...block,
      type: Type.Literal('text'),
      text: Filled,
      align: Type.Optional(Type.Enum(['left', 'center', 'right'])),
      bold: Type.Optional(Type.Boolean()),
      /** Small print. */
      small: Type.Optional(Type.Boolean()),
    },
    closed,
  ),
  /** A table of what fields are called and say. */
  Type.Object(
    {
      ...block,
      type: Type.Literal('fields'),
      fields: Type.Array(Path, { minItems: 1, maxItems: 60 }),
      /** Pairs beside each other. Default 1. */
      columns: Type.Optional(Type.Enum([1, 2])),
      /** Default: empty fields are left out. */
      empty: Type.Optional(Type.Boolean()),
    },
    closed,
  ),
  /** The rows of a lines field, with the sums of columns. */
  Type.Object(
    {
      ...block,
      type: Type.Literal('lines'),
      field: Key,
      columns: Type.Array(Key, { minItems: 1, maxItems: 12 }),
      totals: Type.Optional(Type.Array(Key, { maxItems: 12 })),
    },
    closed,
  ),
  /** Where each party signs. */
  Type.Object(
    { ...block, type: Type.Literal('signatures'), parties: Type.Array(Filled, { minItems: 1, maxItems: 4 }) },
    closed,
  ),
  Type.Object({ ...block, type: Type.Literal('space') }, closed),
  Type.Object({ ...block, type: Type.Literal('page_break') }, closed),
])
export type DocumentBlock = Static<typeof BlockSchema>

/**
 * A printed document about one record: a notice, a contract, a statement. Flows print it (`effect: document`) into a field
 * of files; anybody who reads the record may look at a preview.
 */
export const DocumentSchema = Type.Object(
  {
    ...header('document/1'),
    object: Key,
    /** What the file is called, without an ending: `Notice {{number}}`. */
    name: Filled,
    page: Type.Optional(
      Type.Object(
        {
          size: Type.Optional(Type.Enum(['A4', 'A5', 'LETTER'])),
          orientation: Type.Optional(Type.Enum(['portrait', 'landscape'])),
          /** Default yes. */
          numbers: Type.Optional(Type.Boolean()),
          /** Stands at the head of each page. */
          head: Type.Optional(Filled),
          /** Stands at the foot of each page, before its number. */
          foot: Type.Optional(Filled),
        },
        closed,
      ),
    ),
    /** What placeholders may say besides fields, as rules over the record. */
    values: Type.Optional(
      Type.Record(Type.String({ pattern: '^[a-z][a-z0-9_]{0,39}$' }), RuleJson, {
        additionalProperties: false,
      }),
    ),
    blocks: Type.Array(BlockSchema, { minItems: 1, maxItems: 200 }),
  },
  closed,
)
export type DocumentDefinition = Static<typeof DocumentSchema>

declare module './definition-set.ts' {
  interface DefinitionSet {
    readonly documents: ReadonlyMap<string, DocumentDefinition>
  }
}

export const documentKind = defineKind({
  name: 'document',
  format: 1,
  title: { en: 'Document', zh: '打印文档' },
  folder: 'documents',
  schema: DocumentSchema,
  begin: ({ makeId }) => ({
    object: '',
    name: { en: 'Document', zh: '文档' },
    blocks: [{ 'x-id': makeId('b'), type: 'heading', text: { en: 'Document', zh: '文档' } }],
  }),
  migrations: [],
  check: checkDocument,
})
