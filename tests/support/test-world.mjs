// Brought into a server before anything else: the world around the process, as far as a test must be able to move it.
import dns from 'node:dns'
import { syncBuiltinESMExports } from 'node:module'

// Its clock can be made to jump while it runs, by a message from whoever started it (`server-process.ts`). Everything
// in the process sees the jump; timers of the event loop do not: they follow a clock that nobody sets, on a real
// machine as well.
const RealDate = Date
let shift = 0
const now = () => RealDate.now() + shift

globalThis.Date = class extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(now())
    else super(...given)
  }
  static now() {
    return now()
  }
}
process.on('message', (message) => {
  if (typeof message?.shiftClock === 'number') shift = message.shiftClock
})
// The message channel alone keeps no server running.
process.channel?.unref()
process.on('disconnect', () => undefined)

// A name in the outside world that leads to this machine: flows call webhooks by names only.
const lookup = dns.lookup
dns.lookup = (host, options, callback) =>
  host === 'hooks.example.com' ? lookup('127.0.0.1', options, callback) : lookup(host, options, callback)
syncBuiltinESMExports()
