/** How a draft that differs from the release is coloured, wherever it is named. */
export const changeColours = { added: 'teal', changed: 'amber', removed: 'red' } as const
