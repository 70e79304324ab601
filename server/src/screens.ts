import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import express, { type Express, type Request, type Response } from 'express'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Where the screens are served, and what vite built for them. The longer address comes first. */
const screens = [
  { at: '/builder', folder: join(root, 'builder/dist') },
  { at: '/', folder: join(root, 'runtime/portal/dist') },
] as const

/**
 * The portal and the builder. Names under `assets/` hold a hash of the content and may be kept for ever; pages are
 * asked for again each time, so that a new release of the screens is seen at once.
 */
export function serveScreens(server: Express): void {
  for (const { at, folder } of screens) {
    const under = at === '/' ? '' : at
    server.use(
      `${under}/assets`,
      express.static(join(folder, 'assets'), {
        immutable: true,
        maxAge: '1y',
        index: false,
        fallthrough: false,
      }),
    )
    server.use(at, express.static(folder, { index: false, redirect: false, maxAge: 0 }))
    server.get([at, `${under}/*path`], (request, response, next) => {
      if (isPage(request)) sendPage(folder, response, next)
      else next()
    })
  }
}

/** Screens route in the browser: any address that is not the API's and asks for HTML gets the page. */
function isPage(request: Request): boolean {
  return !/^\/(api|schemas)(\/|$)/.test(request.path) && request.accepts(['html', 'json']) === 'html'
}

function sendPage(folder: string, response: Response, next: () => void): void {
  const page = join(folder, 'index.html')
  if (!existsSync(page)) {
    next()
    return
  }
  response.setHeader('Cache-Control', 'no-cache')
  response.sendFile(page)
}
