import { flowSchema } from './schemas.ts'
import { defineTrigger } from './trigger-type.ts'

/** Only other flows start it: as a subflow, for each of many, or by an action. */
export const flowTrigger = defineTrigger({
  name: 'flow',
  title: { en: 'Another flow starts it', zh: '由其他流程启动' },
  icon: 'arrow-iteration',
  schema: flowSchema,
  check: () => [],
})
