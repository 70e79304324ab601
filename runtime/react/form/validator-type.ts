import {
  type RJSFSchema,
  type RJSFValidationError,
  toErrorList,
  toErrorSchema,
  type ValidationData,
  type ValidatorType,
} from '@rjsf/utils'
import type { ErrorObject } from 'ajv'
import type { ErrorDetail } from '../../src/errors/create-error.ts'
import { describeValidation } from '../../src/fields/describe-validation.ts'
import { isJsonObject, type Json, type JsonObject } from '../../src/json.ts'
import type { Locale } from '../../src/text.ts'

/** What is wrong with a value, as ajv tells it. Pure; [] when nothing is. */
export type CheckValue = (value: Json) => readonly ErrorObject[]

/** A form's values as rjsf types them: its generics unfold without end over JSON's own recursive type. */
export type FormData = Record<string, unknown>

/** rjsf's validator over one compiled check, its messages in the reader's language. */
export interface FormValidator extends ValidatorType<FormData, RJSFSchema> {
  /** The same findings in every language, for the form's own summary. */
  describe(value: JsonObject): ErrorDetail[]
}

export function createFormValidator(check: CheckValue, locale: () => Locale): FormValidator {
  const describe = (value: JsonObject) => describeValidation([...check(value)])
  return {
    describe,
    validateFormData(formData, _schema, customValidate, transformErrors, uiSchema): ValidationData<FormData> {
      const found: RJSFValidationError[] = describe((formData ?? {}) as JsonObject).map((detail) => ({
        name: detail.code,
        property: detail.path.replaceAll('/', '.'),
        message: detail.message[locale()],
        stack: detail.message[locale()],
      }))
      const errors = transformErrors ? transformErrors(found, uiSchema) : found
      const errorSchema = toErrorSchema<FormData>(errors)
      // Own checks are rules of the form and run apart; rjsf's hook is not used.
      return customValidate ? { errors: toErrorList(errorSchema), errorSchema } : { errors, errorSchema }
    },
    // Asked only to tell the options of a `oneOf` apart, which in emitted schemas are always constants.
    isValid: (schema, formData) =>
      !isJsonObject(schema) || !('const' in schema) || (schema.const as unknown) === (formData as unknown),
    rawValidation: <Result>(_schema: RJSFSchema, formData?: JsonObject) => ({
      errors: [...check((formData ?? {}) as JsonObject)] as Result[],
    }),
  }
}
