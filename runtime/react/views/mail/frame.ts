/**
 * An e-mail as the document of a frame: its links open in a page of their own, and nothing is fetched or run whatever
 * it holds.
 */
export function frameOf(html: string): string {
  const policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
  const head = `<meta http-equiv="Content-Security-Policy" content="${policy}"><base target="_blank">`
  return /<html[^>]*>/i.test(html)
    ? html.replace(/<html[^>]*>/i, (tag) => `${tag}<head>${head}</head>`)
    : `<!doctype html><html><head>${head}</head><body>${html}</body></html>`
}
