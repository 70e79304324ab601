import { useFace } from '../../src/fields/face.tsx'

/** A signature as it was given: the picture that was drawn, or the name that was put there. */
export function SignatureImage({ signature, label }: { signature: string | null; label: string }) {
  const { files } = useFace()
  if (signature === null) return null
  if (signature.startsWith('name:')) return <span className="cw-signature-typed">{signature.slice(5)}</span>
  const source = signature.startsWith('file:') ? files?.href(signature.slice(5)) : signature
  if (source === undefined || !/^(data:image\/(png|jpeg);base64,|\/)/.test(source)) return null
  return <img className="cw-signature-image" src={source} alt={label} loading="lazy" />
}
