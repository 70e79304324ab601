import { type OutputUnit, type Schema, Validator } from '@cfworker/json-schema'
import type { ErrorDetail } from '../../src/errors/create-error.ts'
