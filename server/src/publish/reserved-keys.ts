/** First words of fixed addresses, of the API and of the screens; a workspace of that key could not be reached. */
export const reservedKeys: ReadonlySet<string> = new Set([
  ...[
    'api',
    'auth',
    'builder',
    'health',
    'healthz',
    'hooks',
    'invitation',
    'invitations',
    'metrics',
    'readyz',
  ],
  ...['assets', 'schemas', 'session', 'sessions', 'user', 'users', 'workspaces'],
])
