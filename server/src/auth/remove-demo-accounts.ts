import type { Services } from '../services.ts'

/**
 * Takes the passwords and sessions of everybody who belongs to demo workspaces only: their passwords are printed in
 * the manual, so a database that was once tried out must not let them in when it goes into production.
 */
export async function removeDemoAccounts({ owner, log }: Pick<Services, 'owner' | 'log'>): Promise<void> {
  const { rows } = await owner.query<{ removed: number }>(
    `WITH demo AS (
       SELECT m.user_id AS id FROM channelwright.membership m JOIN channelwright.workspace w ON w.id = m.workspace
        GROUP BY m.user_id HAVING bool_and(w.demo)
     ), ended AS (
       DELETE FROM channelwright.session WHERE user_id IN (SELECT id FROM demo)
     ), removed AS (
       DELETE FROM channelwright.account WHERE user_id IN (SELECT id FROM demo) RETURNING 1
     ) SELECT count(*)::int AS removed FROM removed`,
  )
  const { removed } = rows[0]!
  if (removed) log.warn({ accounts: removed }, 'demo accounts were closed: this server runs in production')
}
