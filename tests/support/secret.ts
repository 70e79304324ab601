/** Secret of all test servers. */
export const testSecret = 'a secret for tests only, longer than 32 characters'
