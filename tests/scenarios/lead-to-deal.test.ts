import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { dayFromNow } from '../support/deal-cast.ts'
import { partnerNames } from '../support/lead-cast.ts'
import { useLeadStory } from '../support/lead-story.ts'
import { callAs } from '../support/members.ts'
import { desk, phone } from '../support/people.ts'
import { keepPicture } from '../support/pictures.ts'

const story = useLeadStory('leads')
const { faults, go, line, open, press } = story
const customer = '无锡市第一人民医院'

const choose = async (page: Page, label: string, option: string) => {
  await page.getByLabel(label).first().click()
  await page.getByRole('option', { name: option }).click()
}

async function fillDate(page: Page, label: string, iso: string) {
  const input = page.getByLabel(label).first()
  await input.fill(iso)
  await input.press('Tab')
}

it('takes a lead from the website to a won deal: recalled from one partner, accepted on a phone by the next', async () => {
  const [silent, seller, rival] = story.cast.sellers
  const manager = await open(story.cast.manager, 'en', desk)
  await go(manager, '/f/lead_new')
  await manager.getByLabel('Company').fill(customer)
  await choose(manager, 'Region', 'East China')
  await choose(manager, 'Product line', 'Servers')
  await manager.getByLabel('Contact', { exact: true }).fill('钱主任')
  await manager.getByLabel('Phone').fill('+8613800138000')
  await manager.getByLabel('What they need').fill('老机房扩容,预算已批。')
  await press(manager, 'Save and distribute')
  await manager.waitForURL(/\/v\/lead_detail\//)
  const lead = manager.url().split('/').at(-1) as string

  // The first in turn stays silent: reminded after 20 hours, and gone after 24.
  const first = callAs(story.server.url, silent)
  await expect
    .poll(async () => (await first('GET', `/api/v1/${story.cast.key}/tasks`)).body.tasks.length)
    .toBe(1)
  await story.time.pass({ hours: 20 })
  const told = await first('GET', `/api/v1/${story.cast.key}/notifications`)
  expect(JSON.stringify(told.body)).toContain('reminded')
  await story.time.pass({ hours: 4 })
  expect((await first('GET', `/api/v1/${story.cast.key}/records/lead/${lead}`)).status).toBe(404)

  const hand = await open(seller, 'zh', phone)
  await go(hand, '/inbox')
  await line(hand, customer).click()
  await hand.getByText('老机房扩容').first().waitFor()
  await keepPicture(hand, 'lead-phone-offered')
  await press(hand, '接受')
  await hand.locator('.cw-decision').waitFor({ state: 'detached' })
  await go(hand, `/v/lead_detail/${lead}`)
  await hand.getByText('跟进中').first().waitFor()
  for (const note of ['与信息科确认机柜数量与到货时间。', '完成现场勘查,客户要求本周报价。']) {
    await press(hand, '新增跟进')
    const dialog = hand.getByRole('dialog')
    await dialog.getByLabel('沟通内容').fill(note)
    if (note.startsWith('与')) await keepPicture(hand, 'lead-phone-activity')
    await dialog.getByRole('button', { name: '保存', exact: true }).click()
    await dialog.waitFor({ state: 'detached' })
  }
  await hand.getByText('完成现场勘查').first().waitFor()
  await keepPicture(hand, 'lead-phone-accepted')
  await manager.reload()
  await manager.getByText(partnerNames[1]).first().waitFor()
  await keepPicture(manager, 'lead-desk-accepted')

  // Somebody else has registered the same customer, for another product line.
  const other = await callAs(story.server.url, rival)(
    'POST',
    `/api/v1/${story.cast.key}/records/registration?form=registration_new`,
    {
      body: {
        customer_name: '无锡市第一人民医院',
        product_line: story.cast.otherLine,
        amount: '90000.00',
        close_on: dayFromNow(30),
      },
    },
  )
  expect(other.status).toBe(201)

  await press(hand, '转为商机报备')
  await hand.getByRole('dialog').getByRole('button', { name: '转为商机报备', exact: true }).click()
  await hand.getByRole('dialog').waitFor({ state: 'detached' })
  await keepPicture(hand, 'lead-phone-started')
  await hand.getByText('去审批', { exact: true }).click()
  await hand.getByLabel('预计金额').first().fill('300000')
  await fillDate(hand, '预计成交日', dayFromNow(60))
  await keepPicture(hand, 'lead-phone-convert')
  await press(hand, '完成办理')
  await hand.locator('.cw-decision').waitFor({ state: 'detached' })
  await go(hand, '/v/registrations')
  // The one of another partner is not in the list.
  await hand.locator('.cw-row-link').first().waitFor()
  expect(await hand.locator('.cw-row-link').count()).toBe(1)
  await hand.locator('.cw-row-link').click()
  await hand.waitForURL(/\/v\/registration_detail\//)
  const registration = hand.url().split('/').at(-1) as string
  expect(await hand.getByText('同一客户的报备').count()).toBeLessThanOrEqual(1)

  // The manager alone sees both.
  await go(manager, `/v/registration_detail/${registration}`)
  await manager.getByRole('tab', { name: 'Same customer' }).click()
  await manager.getByText(partnerNames[2]).first().waitFor()
  await keepPicture(manager, 'lead-desk-same-customer')
  await go(manager, '/inbox')
  await manager
    .getByText('300,000.00')
    .first()
    .waitFor({ state: 'attached', timeout: 1_000 })
    .catch(() => {})
  await manager.locator('[data-line]').filter({ hasText: 'DR-' }).last().waitFor()
  const decide = await callAs(story.server.url, story.cast.manager)('GET', `/api/v1/${story.cast.key}/tasks`)
  const task = decide.body.tasks.find((one: { record: string }) => one.record === registration)
  await go(manager, `/inbox/${task.id}`)
  await press(manager, 'Approve')
  await manager.locator('.cw-decision').waitFor({ state: 'detached' })

  // Refused with the day, and no name.
  const again = await callAs(story.server.url, rival)(
    'POST',
    `/api/v1/${story.cast.key}/records/registration?form=registration_new`,
    {
      body: {
        customer_name: customer,
        product_line: story.cast.line,
        amount: '1000',
        close_on: dayFromNow(30),
      },
    },
  )
  expect(again.status).toBe(409)
  expect(again.text).toMatch(/until \d{4}-\d\d-\d\d/)
  expect(again.text).not.toContain('明远')

  await story.time.pass({ days: 76 })
  await go(hand, `/v/registration_detail/${registration}`)
  await hand.getByRole('button', { name: /^通知/ }).click()
  await hand
    .getByText(/的保护期将于/)
    .first()
    .waitFor()
  await keepPicture(hand, 'lead-phone-reminded')
  await go(hand, `/v/registration_detail/${registration}`)
  const extend = async () => {
    await press(hand, '申请延期')
    const dialog = hand.getByRole('dialog')
    await dialog.getByLabel('延期理由').fill('招标公告推迟至下月。')
    await dialog.getByLabel('进展证明').fill('与信息科的技术交流会,附会议纪要。')
    await dialog.getByRole('button', { name: '提交申请' }).click()
    return dialog
  }
  await (await extend()).waitFor({ state: 'detached' })
  await go(manager, '/inbox')
  await line(manager, 'EX-').click()
  await keepPicture(manager, 'lead-desk-extension')
  await press(manager, 'Approve')
  await manager.locator('.cw-decision').waitFor({ state: 'detached' })
  const second = await extend()
  await second
    .getByText(/每笔报备只能延期一次/)
    .first()
    .waitFor()
  await keepPicture(hand, 'lead-phone-extended-once')

  await go(hand, `/v/registration_detail/${registration}`)
  await press(hand, '上报结果')
  const dialog = hand.getByRole('dialog')
  await dialog.getByLabel('状态').selectOption('won')
  await dialog.getByLabel('订单号').fill('SO-2026-0412')
  await dialog.getByLabel('发票号').fill('INV-88120')
  await dialog.getByRole('button', { name: /保存|提交/ }).click()
  await dialog.waitFor({ state: 'detached' })
  // 100,000 × 1% + 200,000 × 2%
  await hand.getByText('5,000.00').first().waitFor()
  await keepPicture(hand, 'lead-phone-won')
  await go(manager, `/v/registration_detail/${registration}`)
  await manager.getByText('SO-2026-0412').first().waitFor()
  await keepPicture(manager, 'lead-desk-won')
  expect(faults()).toEqual([])
})
