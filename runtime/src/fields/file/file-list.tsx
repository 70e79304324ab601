import { useFace, useWords } from '../face.tsx'
import { formatBytes, useFiles } from './use-files.tsx'

/** Files as links, with pictures as pictures where `pictures` asks for it. */
export function FileList({
  ids,
  titles = {},
  pictures = false,
}: {
  ids: readonly string[]
  titles?: Readonly<Record<string, string>>
  pictures?: boolean
}) {
  const { files } = useFace()
  const say = useWords()
  const known = useFiles(ids)
  const nameOf = (id: string) => known.get(id)?.name ?? titles[id] ?? say({ en: 'File', zh: '文件' })
  return (
    <ul className={pictures ? 'cw-files cw-pictures' : 'cw-files'}>
      {ids.map((id) => (
        <li key={id}>
          <a href={files?.href(id)} target="_blank" rel="noreferrer" title={nameOf(id)}>
            {pictures ? <img src={files?.href(id)} alt={nameOf(id)} loading="lazy" /> : nameOf(id)}
          </a>
          {!pictures && known.has(id) && <small>{formatBytes(known.get(id)?.bytes ?? 0)}</small>}
        </li>
      ))}
    </ul>
  )
}
