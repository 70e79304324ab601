/** Kinds that are set by a form beside their text: where their settings stand, as JSON pointers. */
export const settingsOfKinds: Readonly<Record<string, readonly string[]>> = {
  flow: ['/money', '/settings'],
  view: ['/group', '/measures'],
}
