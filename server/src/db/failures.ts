/** What a driver error says, apart from its text: SQLSTATE or the code of the socket. */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
}

const lostSocket = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
])
/** admin_shutdown, crash_shutdown, cannot_connect_now, too_many_connections, database_dropped */
const lostServer = new Set(['57P01', '57P02', '57P03', '53300', '57P04'])
/** Errors that pg and pg-pool throw without a code. */
const lostText =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|connection timeout/i

/** The database can't be reached now; the same request may succeed a moment later. */
export function isUnavailable(error: unknown): boolean {
  const code = codeOf(error)
  if (lostSocket.has(code) || lostServer.has(code) || code.startsWith('08')) return true
  return error instanceof Error && code === '' && lostText.test(error.message)
}

/** Another transaction came in between (serialization failure, deadlock): running the work again may succeed. */
export function isConflict(error: unknown): boolean {
  const code = codeOf(error)
  return code === '40001' || code === '40P01'
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
