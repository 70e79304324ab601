import { publishSources } from '@channelwright/server/publish/publish-sources.ts'
import { readWorkspace } from '@channelwright/server/publish/workspace.ts'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bringAxe, findAccessFaults, measureOverflow } from '../support/axe.ts'
import { openBrowser } from '../support/browser.ts'
import { type LiveServer, startLiveServer } from '../support/live-server.ts'
import { callAs, type TestMember } from '../support/members.ts'
import { desk, phone, type Visitor, visit } from '../support/people.ts'
import { keepPicture } from '../support/pictures.ts'
import {
  castRequests,
  type RequestCast,
  requestDefinitions,
  requestSources,
} from '../support/request-pack.ts'

// Whoever looks after the flows: cases that are stuck, people who are away, and a release that comes while cases run.

let server: LiveServer
let browser: Browser
let cast: RequestCast
const visitors: Visitor[] = []
const key = 'looking_after'

interface FlowText {
  nodes: { 'x-id': string }[]
  edges: { 'x-id': string; from: string; to: string }[]
}

/** The flow of the requests, changed. */
function withFlow(change: (flow: FlowText) => void) {
  const definitions = requestDefinitions()
  change(definitions['flows/request_approval.json'] as unknown as FlowText)
  return requestSources(definitions)
}

/** Before anybody is asked, a step writes to the record; of one it comes out longer than the field is. */
const fragile = withFlow((flow) => {
  flow.nodes.push({
    'x-id': 'n_write',
    type: 'action',
    title: { en: 'Write the reason', zh: '回写理由' },
    effect: 'set_fields',
    with: {
      name: {
        if: [
          { '==': [{ var: 'name' }, 'Broken crane'] },
          { cat: Array(20).fill({ var: 'name' }) },
          { var: 'name' },
        ],
      },
    },
  } as never)
  for (const edge of flow.edges) if (edge['x-id'] === 'e1') edge.to = 'n_write'
  flow.edges.push({ 'x-id': 'e0', from: 'n_write', to: 'n_lead' })
})

/** The lead's step was drawn anew, and nothing is written any more. */
const redrawn = withFlow((flow) => {
  Object.assign(flow, JSON.parse(JSON.stringify(flow).replaceAll('"n_lead"', '"n_head"')))
})

beforeAll(async () => {
  server = await startLiveServer()
  browser = await openBrowser()
  cast = await castRequests(server, key, fragile)
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
})

async function open(
  member: TestMember,
  at: string,
  screen: { locale: 'en' | 'zh'; viewport: typeof desk } = { locale: 'zh', viewport: desk },
): Promise<Page> {
  const visitor = await visit(browser, server.url, { ...screen, member })
  visitors.push(visitor)
  await visitor.page.emulateMedia({ reducedMotion: 'reduce' })
  await bringAxe(visitor.context)
  await visitor.page.goto(`/w/${key}${at}`)
  return visitor.page
}

const press = (at: Page | Locator, name: string | RegExp) =>
  at.getByRole('button', { name, exact: true }).first().click()
const rows = (page: Page) => page.locator('.cw-runs-table tbody tr')

/** Gives an administrator's command on the page of a case, with its reason. */
async function intervene(
  page: Page,
  command: string,
  reason: string,
  fill?: (dialog: Locator) => Promise<void>,
) {
  await press(page, '干预')
  await page.getByRole('menuitem', { name: command, exact: true }).click()
  const dialog = page.getByRole('dialog')
  await fill?.(dialog)
  await dialog.getByLabel('原因').fill(reason)
  await press(dialog, command)
  await dialog.waitFor({ state: 'detached' })
}

const choose = (page: Page, label: string, option: string) => async (dialog: Locator) => {
  await dialog.getByLabel(label).first().click()
  await page.getByRole('option', { name: option }).first().click()
}

async function lookAt(page: Page, name: string): Promise<void> {
  await keepPicture(page, `administration-${name}`)
  expect(await findAccessFaults(page), name).toEqual([])
  expect(await measureOverflow(page), name).toBeLessThanOrEqual(0)
}

it('finds a stuck case first, and brings every case on: tried again, skipped, given to others, stopped, moved, ended', async () => {
  for (const name of ['Broken crane', 'Forklift', 'Ropes']) await cast.submit(name)
  const keeper = await open(cast.keeper, '/runs')
  // The one that stands still is on top, although others came later.
  await keeper.getByText('流程实例').first().waitFor()
  await expect
    .poll(
      async () => {
        await keeper.reload()
        await rows(keeper).first().waitFor()
        return rows(keeper).first().textContent()
      },
      { timeout: 15_000 },
    )
    .toContain('Broken crane')
  // And the menu says how many there are.
  await keeper.getByLabel('1 个异常').first().waitFor()
  await lookAt(keeper, 'stuck-first')
  await rows(keeper).first().getByRole('link').click()
  // The story ends with the step that it waits for, and says why.
  const last = keeper.locator('.mantine-Timeline-item').filter({ has: keeper.locator('.tabler-icon-clock') })
  await last.last().filter({ hasText: '回写理由' }).waitFor()
  await intervene(keeper, '重试', '看看是否已恢复')
  await keeper.getByText('看看是否已恢复').first().waitFor()
  await intervene(keeper, '跳过', '名称无需回写', choose(keeper, '步骤', '回写理由'))
  await keeper.getByText('主管审批').first().waitFor()

  await keeper.goto(`/w/${key}/runs`)
  await keeper.getByRole('link', { name: 'Forklift' }).click()
  await keeper.locator('.cw-task-tree').first().waitFor()
  await keeper.locator('.cw-task-tree').getByRole('button').first().click()
  await keeper.getByRole('menuitem', { name: '改派' }).click()
  const dialog = keeper.getByRole('dialog')
  await dialog.locator('input').first().fill('孙悦')
  await keeper.getByRole('option', { name: '孙悦' }).click()
  await dialog.getByLabel('原因').fill('王敏出差')
  await press(dialog, '改派')
  await keeper.getByText('孙悦').first().waitFor()
  await intervene(keeper, '挂起', '等待报价')
  await keeper.getByText('已挂起').first().waitFor()
  await lookAt(keeper, 'suspended')
  await intervene(keeper, '恢复', '报价已到')
  await intervene(keeper, '跳转', '直接会签', choose(keeper, '步骤', '部门会签'))
  await keeper.getByText('财务审核').first().waitFor()
  await intervene(keeper, '终止', '不再需要')
  await keeper.getByText('不再需要').first().waitFor()
  await lookAt(keeper, 'ended')
  expect(visitors.flatMap(({ faults }) => faults)).toEqual([])
}, 90_000)

it('a manager goes away: somebody decides for them, and the story says so', async () => {
  const lead = await open(cast.lead, '/delegations')
  await lead.getByLabel('受托人').first().fill('孙悦')
  await lead.getByRole('option', { name: '孙悦' }).click()
  const ends = lead.locator('#delegation-ends_at')
  await ends.waitFor()
  await callAs(server.url, cast.lead)('POST', `/api/v1/${key}/delegations`, {
    body: {
      to: cast.deputy.user,
      mode: 'replace',
      starts_at: new Date().toISOString(),
      ends_at: new Date(Date.now() + 86_400_000).toISOString(),
    },
  })
  await lead.reload()
  await lead.getByText('孙悦').first().waitFor()
  await lookAt(lead, 'delegation')
  await cast.submit('Pallets')
  const deputy = await open(cast.deputy, '/inbox')
  await deputy.locator('[data-line]').filter({ hasText: 'Pallets' }).first().click()
  await deputy.getByText('王敏').first().waitFor()
  await press(deputy, '同意')
  await deputy.locator('.cw-decision').waitFor({ state: 'detached' })
  await lead.goto(`/w/${key}/runs`)
  const keeper = await open(cast.keeper, '/runs')
  await keeper.getByRole('link', { name: 'Pallets' }).click()
  await keeper.getByText('孙悦(代王敏)').first().waitFor()
  await lookAt(keeper, 'decided-for')
  expect(visitors.flatMap(({ faults }) => faults)).toEqual([])
}, 60_000)

it('a release comes while cases run: the administrator sees what a move comes to, and moves two of them', async () => {
  const workspace = await readWorkspace(server.services, key)
  await publishSources(server.services, workspace, redrawn, { confirmed: 'all' })
  const keeper = await open(cast.keeper, '/runs')
  await press(keeper, '查看')
  await keeper.getByText('旧版本流程').first().waitFor()
  await keeper.getByRole('radio', { name: '迁移' }).check()
  await lookAt(keeper, 'versions')
  await press(keeper, '预检(不做改动)')
  await keeper.getByText('进行中的步骤“主管审批”在目标版本中没有对应节点。').first().waitFor()
  await lookAt(keeper, 'versions-refused')
  await keeper.getByLabel('主管审批').first().click()
  await keeper.getByRole('option', { name: '主管审批' }).first().click()
  await press(keeper, '预检(不做改动)')
  await keeper.getByText('王敏继续处理').first().waitFor()
  await press(keeper, /^迁移 \d 个流程$/)
  await keeper.getByText('此项必填。').waitFor()
  // One of them is left as it is.
  await keeper.getByRole('checkbox', { name: /^选择 Pallets/ }).uncheck()
  await keeper.getByLabel('原因').fill('主管步骤已重新绘制')
  await lookAt(keeper, 'versions-report')
  await press(keeper, '迁移 2 个流程')
  await keeper.getByText('处理结果').waitFor()
  await keeper.getByText('已迁移 2').waitFor()
  await lookAt(keeper, 'versions-moved')
  await keeper.getByRole('link', { name: 'Ropes' }).click()
  await keeper.getByText('主管步骤已重新绘制').first().waitFor()

  const small = await open(cast.keeper, '/runs/versions', { locale: 'en', viewport: phone })
  await small.getByRole('radio', { name: 'Move them' }).check()
  await press(small, 'Check, change nothing')
  await small.getByText('What it would come to').waitFor()
  await small.getByText('would move').first().waitFor()
  await lookAt(small, 'versions-phone')
  // What became of the last one is told until it has been read, whatever the page finds out behind it.
  await small.getByLabel('Why').fill('The others went, too')
  await press(small, 'Move 1 case')
  await small.getByText('What became of them').waitFor()
  await small.getByText('moved 1').waitFor()
  for (const status of [500, 200]) {
    if (status === 500) await small.route('**/flow-versions', (route) => route.fulfill({ status }))
    else await small.unroute('**/flow-versions')
    const looked = small.waitForResponse(
      (one) => one.url().endsWith('/flow-versions') && one.status() === status,
    )
    await small.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })))
    await looked
    await small.getByText('moved 1').waitFor()
  }
  await press(small, 'Done')
  await small.getByText('Every open case follows the release in force').waitFor()
  expect(visitors.flatMap(({ faults }) => faults)).toEqual([])
}, 90_000)

it('a case that was copied counts as read wherever it is opened', async () => {
  const record = await cast.submit('Lamps')
  const ask = (member: TestMember) => {
    const call = callAs(server.url, member)
    return (method: string, path: string, body?: object) =>
      call(method, `/api/v1/${key}/${path}`, { body: body as never })
  }
  const taskOf = async () =>
    (await ask(cast.deputy)('GET', 'tasks?limit=200')).body.tasks.find(
      (one: { record: string }) => one.record === record,
    )
  await expect.poll(taskOf, { timeout: 15_000 }).toBeDefined()
  const { id, rev } = await taskOf()
  const { run } = (await ask(cast.deputy)('GET', `tasks/${id}`)).body
  const said = { decision: 'approve', taskRev: rev, commandId: crypto.randomUUID(), cc: [cast.keeper.user] }
  expect((await ask(cast.deputy)('POST', `tasks/${id}/decision`, said)).status).toBe(200)
  const copied = async () => (await ask(cast.keeper)('GET', 'tasks?limit=1')).body.counts.copied
  expect(await copied()).toBe(1)
  const keeper = await open(cast.keeper, `/runs/${run}`)
  await keeper.locator('.cw-copies').getByText('已读').waitFor()
  expect(await copied()).toBe(0)
  expect(visitors.flatMap(({ faults }) => faults)).toEqual([])
})
