/** What a task may offer beside its answers; `actions` of a node names those it does. Default all. */
export const taskActions = [
  'return',
  'transfer',
  'delegate',
  'add_before',
  'add_after',
  'add_parallel',
  'copy',
] as const
export type TaskAction = (typeof taskActions)[number]
