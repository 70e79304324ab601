/** Longest name, in characters. */
const longest = 120

/** Endings that say the same of a file as its type does; the first is added where the name ends in none of them. */
const endings: Readonly<Record<string, readonly string[]>> = {
  'image/png': ['png'],
  'image/jpeg': ['jpg', 'jpeg', 'jpe'],
  'image/gif': ['gif'],
  'image/webp': ['webp'],
  'image/heic': ['heic'],
  'image/heif': ['heif', 'heic'],
  'image/avif': ['avif'],
  'image/svg+xml': ['svg'],
  'text/html': ['html', 'htm'],
  'application/pdf': ['pdf'],
  'application/zip': ['zip'],
  'application/msword': ['doc'],
  'application/vnd.ms-excel': ['xls'],
  'application/vnd.ms-powerpoint': ['ppt'],
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': ['docx'],
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': ['xlsx'],
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': ['pptx'],
  'application/vnd.oasis.opendocument.text': ['odt'],
  'application/vnd.oasis.opendocument.spreadsheet': ['ods'],
  'text/csv': ['csv'],
  'text/plain': ['txt', 'md', 'log', 'json', 'xml', 'yaml', 'yml'],
}

/** The ending of a name in lower case, without the dot; empty where there is none. */
export function endingOf(name: string): string {
  return /\.([A-Za-z0-9]{1,8})$/.exec(name)?.[1]?.toLowerCase() ?? ''
}

/**
 * A name as it is kept and offered for saving: no folders, no characters that a disk, a header or a reader's eye would
 * take for something else (a mark that turns the writing round makes `exe.jpg` of `gpj.exe`), and an ending that says
 * what the file is.
 */
export function cleanFileName(given: string, type: string): string {
  const last = given.normalize('NFC').split(/[\\/]/).at(-1) ?? ''
  const plain = last
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\u2028\u2029]/gu, '')
    .replace(/[<>:"|?*]/g, '_')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '')
  const known = endings[type]
  const fits = known === undefined || known.includes(endingOf(plain))
  const ending = fits ? endingOf(plain) : (known[0] ?? '')
  const body = fits && ending !== '' ? plain.slice(0, -(ending.length + 1)) : plain
  // Names of devices on Windows, whatever their ending.
  const safe = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(body) ? `_${body}` : body
  const short = [...safe].slice(0, longest).join('').trim() || 'file'
  return ending === '' ? short : `${short}.${ending}`
}

/**
 * `Content-Disposition` after RFC 6266: the name in full for whoever reads RFC 5987, and one in ASCII for the others.
 */
export function dispositionOf(name: string, shown: 'inline' | 'attachment'): string {
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const full = encodeURIComponent(name).replace(/['()*!]/g, (one) => `%${one.charCodeAt(0).toString(16)}`)
  return `${shown}; filename="${ascii}"; filename*=UTF-8''${full}`
}
