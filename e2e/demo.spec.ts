import { expect, test } from './fixtures'

test.describe('the demo', () => {
  test('asks nobody to sign in, and says on its pages that it is one', async ({ page, demo }) => {
    for (const path of ['/sign-in', '/auth/start', '/auth/callback?code=c&state=s', '/no-access']) {
      await page.goto(path)
      await expect(page).toHaveURL(`${demo.url}/`)
    }
    await expect(page.getByText('Demo tenant:')).toBeVisible()
    await expect(page.getByRole('button', { name: 'Sign out' })).toHaveCount(0)
  })
})
