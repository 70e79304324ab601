import { describe, expect, it } from 'vitest'
import { openAccount, signInElsewhere } from '../support/accounts.ts'
import { editor, form, openDefinition, paste, saved, useBuilder } from '../support/builder-story.ts'
import { callAs } from '../support/members.ts'
import { desk, phone, visit } from '../support/people.ts'
import { keepPicture } from '../support/pictures.ts'

const builder = useBuilder('drafts')
const { begin, open, readText } = builder

describe('drafts in the builder', () => {
  it('keeps both texts when two admins save the same definition', async () => {
    const cast = await begin()
    const other = await cast.deal.join({ name: '周宁', roles: ['business_admin'] })
    const mine = await open(cast.admin)
    const theirs = await open(other)
    await openDefinition(mine.page, cast, form)
    await openDefinition(theirs.page, cast, form)
    const original = await readText(cast, form)
    const textOf = (title: string) => original.replace('"Register a deal"', `"${title}"`)

    await paste(theirs.page, textOf('Their title'))
    await saved(theirs.page)
    await paste(mine.page, textOf('My title'))
    const conflict = mine.page.getByRole('alert').filter({ hasText: 'Somebody else saved' })
    await conflict.waitFor()
    await conflict
      .getByText(/Their title/)
      .first()
      .waitFor()
    await keepPicture(mine.page, 'builder-conflict')
    expect(await readText(cast, form)).toContain('Their title')

    // Not even a reload decides it in silence.
    await mine.page.reload()
    await conflict.waitFor()
    await mine.page.getByRole('button', { name: 'Keep mine' }).click()
    await saved(mine.page)
    expect(await readText(cast, form)).toContain('My title')

    // Theirs is set aside, and comes back.
    await mine.page.getByRole('button', { name: 'Swap it in' }).click()
    await mine.page.getByText('Not saved yet', { exact: true }).waitFor()
    await saved(mine.page)
    expect(await readText(cast, form)).toContain('Their title')
    expect([...mine.faults, ...theirs.faults]).toEqual([])
    await mine.context.close()
    await theirs.context.close()
  })

  it('keeps what could not be saved over a reload, and saves it when the network is back', async () => {
    const cast = await begin()
    const { page, context, faults } = await open(cast.admin)
    await openDefinition(page, cast, form)
    const original = await readText(cast, form)
    await page.route('**/drafts', (route) => route.abort('internetdisconnected'))
    await paste(page, original.replace('"Register a deal"', '"Written offline"'))
    await page.getByText(/^Not saved: /).waitFor()
    await keepPicture(page, 'builder-unsaved')
    await page.reload()
    await editor(page).getByText('Written offline').waitFor()
    expect(await readText(cast, form)).not.toContain('Written offline')
    await page.unroute('**/drafts')
    const retry = page.getByRole('button', { name: /Try again/ })
    await Promise.race([retry.waitFor(), saved(page)])
    if (await retry.isVisible()) await retry.click()
    await saved(page)
    expect(await readText(cast, form)).toContain('Written offline')
    expect(faults).toEqual([])
    await context.close()
  })

  it('asks before a draft is discarded or a definition removed', async () => {
    const cast = await begin()
    const { page, context, faults } = await open(cast.admin, 'zh', phone)
    await openDefinition(page, cast, form)
    const original = await readText(cast, form)
    await paste(page, original.replace('报备商机', '登记商机'))
    await page.getByText('草稿已保存', { exact: true }).waitFor()
    const choose = async (item: string) => {
      await page.getByRole('button', { name: '更多' }).click()
      await page.getByRole('menuitem', { name: item }).click()
    }
    await choose('放弃草稿')
    const dialog = page.getByRole('dialog')
    await dialog.getByText('恢复为当前生效的内容').waitFor()
    await keepPicture(page, 'builder-discard')
    await dialog.getByRole('button', { name: '取消' }).click()
    expect(await readText(cast, form)).toContain('登记商机')
    await choose('放弃草稿')
    await dialog.getByRole('button', { name: '放弃草稿' }).click()
    await page.getByText('生效中', { exact: true }).waitFor()
    expect(await readText(cast, form)).toBe(original)

    await choose('移除定义')
    await dialog.getByRole('button', { name: '移除定义' }).click()
    await page.getByText('此定义将在下次发布时移除。').waitFor()
    await keepPicture(page, 'builder-removed')
    await page.getByRole('button', { name: '保留定义' }).click()
    await page.getByText('生效中', { exact: true }).waitFor()
    expect(faults).toEqual([])
    await context.close()
  })

  it('keeps the text on the page when the session ends, and refuses to mix it with another person', async () => {
    const cast = await begin()
    const account = await openAccount(builder.server, cast.key, cast.admin, {
      email: 'designer@example.test',
      name: 'Designer',
      roles: ['business_admin'],
    })
    const { page, context, faults } = await visit(builder.browser, builder.server.url, {
      locale: 'en',
      viewport: desk,
    })
    const become = async ({ cookie }: { cookie: string }) => {
      const [name = '', value = ''] = cookie.split(/=(.*)/)
      await context.addCookies([{ name, value, url: builder.server.url, httpOnly: true, sameSite: 'Lax' }])
    }
    const first = await signInElsewhere(builder.server, account)
    await become(first)
    await openDefinition(page, cast, form)
    const original = await readText(cast, form)
    const textOf = (title: string) => original.replace('"Register a deal"', `"${title}"`)

    // Written while the network is away; the session ends before it is back.
    await page.route('**/drafts', (route) => route.abort('internetdisconnected'))
    await paste(page, textOf('Written without a session'))
    await page.getByText(/^Not saved: /).waitFor()
    await callAs(builder.server.url, first)('DELETE', '/api/v1/sessions')
    await page.unroute('**/drafts')
    // The page may have noticed by itself, and have put its dialog over the button.
    await page.getByRole('button', { name: /Try again/ }).dispatchEvent('click')
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Your session has ended').waitFor()
    await dialog.getByLabel('Password', { exact: true }).waitFor()
    await editor(page).filter({ hasText: '"x-id"' }).waitFor()
    await keepPicture(page, 'builder-session-ended')
    const signInAgain = async () => {
      expect(await dialog.getByLabel('E-mail').inputValue()).toBe(account.email)
      await dialog.getByLabel('Password', { exact: true }).fill(account.password)
      await dialog.getByRole('button', { name: 'Sign in' }).click()
    }
    await signInAgain()
    await saved(page)
    expect(await readText(cast, form)).toContain('Written without a session')

    // In another tab somebody else signs in: this page neither reads nor saves under that name.
    const other = await cast.deal.join({ name: '周宁', roles: ['business_admin'] })
    await paste(page, textOf('Written as the first'))
    await become(other)
    await dialog.getByText('Somebody else signed in').waitFor()
    await keepPicture(page, 'builder-another-person')
    expect(await readText(cast, form)).not.toContain('Written as the first')
    await dialog.getByRole('button', { name: 'Close' }).click()
    await page.getByText(/^Not saved: /).waitFor()
    await page.getByRole('banner').getByRole('button', { name: 'Sign in' }).click()
    await signInAgain()
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: /Try again/ }).click()
    await saved(page)
    expect(await readText(cast, form)).toContain('Written as the first')
    expect(faults).toEqual([])
    await context.close()
  })

  it('stays on the workspace it was opened for', async () => {
    const cast = await begin()
    const second = await begin()
    await builder.server.services.owner.query(
      `INSERT INTO channelwright.membership (id, workspace, user_id, roles, partner) VALUES ($1, $2, $3, $4, NULL)`,
      [builder.server.services.ids.next(), second.deal.workspace.id, cast.admin.user, ['business_admin']],
    )
    const { page, context, faults } = await open(cast.admin)
    await page.goto(`/builder?workspace=${second.key}`)
    const chooser = page.getByRole('combobox', { name: 'Workspace' })
    await chooser.waitFor()
    expect(await chooser.inputValue()).toBe(`Vendor ${second.key}`)
    await page.getByRole('link', { name: 'Changes' }).click()
    await page.getByText('Everything is published').waitFor()
    await page.reload()
    await chooser.waitFor()
    expect(await chooser.inputValue()).toBe(`Vendor ${second.key}`)
    await chooser.click()
    await page.getByRole('option', { name: `Vendor ${cast.key}`, exact: true }).click()
    await page.waitForURL((url) => url.search.includes(cast.key))
    await chooser.waitFor()
    expect(await chooser.inputValue()).toBe(`Vendor ${cast.key}`)
    expect(faults).toEqual([])
    await context.close()
  })
})
