import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { nothingPublished } from '@channelwright/runtime/errors/publishing.ts'
import type { Locale } from '@channelwright/runtime/text.ts'
import type { Command } from 'commander'

const words = {
  about: { en: 'invite a person of the vendor and print the link', zh: '邀请厂商人员并显示链接' },
  key: { en: 'key of the workspace', zh: '工作区标识' },
  email: { en: 'e-mail address', zh: '邮箱' },
  name: { en: 'name of the person', zh: '姓名' },
  role: { en: 'role (may be repeated)', zh: '角色(可重复)' },
} as const

/** `cw workspace invite KEY EMAIL --role ROLE`: how the first administrator comes in. The link works once. */
export function addWorkspaceInvite(workspace: Command, locale: Locale): void {
  workspace
    .command('invite')
    .description(words.about[locale])
    .argument('<key>', words.key[locale])
    .argument('<email>', words.email[locale])
    .requiredOption('--role <role...>', words.role[locale])
    .option('--name <name>', words.name[locale])
    .action(async (key: string, email: string, options: { role: string[]; name?: string }) => {
      const [
        { withServices },
        { checkRoles },
        { createInvitation },
        { engineActor, nobody },
        { readWorkspace },
      ] = await Promise.all([
        import('./with-services.ts'),
        import('../auth/check-roles.ts'),
        import('../auth/invitations.ts'),
        import('../flows/engine-actor.ts'),
        import('../publish/workspace.ts'),
      ])
      const link = await withServices(async (services) => {
        await readWorkspace(services, key)
        const served = await services.releases.current(key)
        if (!served) throw new Refusal(nothingPublished)
        await checkRoles(services, served, engineActor(services, served, nobody), options.role, null)
        const { token } = await createInvitation(services, served, null, {
          email: email.trim().toLowerCase(),
          name: options.name ?? null,
          roles: options.role,
          partner: null,
          locale,
        })
        return `${services.config.baseUrl}/invitation/${token}`
      })
      console.log(link)
    })
}
