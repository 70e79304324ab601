import Type from 'typebox'

export const FileShape = Type.Object({
  id: Type.String(),
  name: Type.String(),
  type: Type.String(),
  bytes: Type.Integer(),
  at: Type.String(),
})

export const FileParams = Type.Object({
  workspace: Type.String(),
  id: Type.String({ pattern: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$' }),
})
