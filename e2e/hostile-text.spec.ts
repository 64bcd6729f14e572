import pg from 'pg'
import { startEmbedded } from '../lib/db/embedded'
import { expect, test } from './fixtures'
import { hrefOfFirstRow } from './pages'

const hostile = '<img src=x onerror="document.title=1"><script>document.title=1</script>'

test('tags and names that look like markup are text', async ({ page, demo }) => {
  await page.goto('/resources?type=microsoft.keyvault/vaults')
  const href = await hrefOfFirstRow(page)
  const id = new URL(href, 'http://localhost').searchParams.get('id') ?? ''
  const server = await startEmbedded(demo.dataDir)
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  await client.query('update resource set name = $1, tags = $2 where key = $3', [hostile, { [hostile]: hostile }, id.toLowerCase()])
  await client.end()
  await server.stop()

  await page.goto(href)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(hostile)
  await expect(page.getByText(`${hostile}: ${hostile}`)).toBeVisible()
  await page.goto(`/resources?q=${encodeURIComponent(hostile)}`)
  await expect(page.locator('main tbody th a')).toHaveText([hostile])
  await expect(page.getByRole('searchbox', { name: 'Search by name or id' })).toHaveValue(hostile)
  expect(await page.title()).not.toBe('1')
  await expect(page.locator('img')).toHaveCount(0)
})
