import { expect, it } from 'vitest'
import { answerMax } from './post'
import { withoutAddress } from './without-address'

const slack = 'https://hooks.slack.example/services/T00000000/B11111111/xyzXYZsecret'
const teams = 'https://prod-1.logic.example/workflows/abc%20def0123/triggers/manual?api-version=2016-06-01&sig=a%2Bb%2Fc-secret-signature'

it.each([
  ['the path', slack, 'No service at /services/T00000000/B11111111/xyzXYZsecret.', 'No service at ….'],
  ['a part of it', slack, 'unknown hook XYZXYZSECRET', 'unknown hook …'],
  ['the path in JSON', slack, '{"path":"\\/services\\/T00000000\\/B11111111\\/xyzXYZsecret"}', '{"path":"…"}'],
  ['the whole address', teams, `Cannot POST ${new URL(teams).pathname}${new URL(teams).search}`, 'Cannot POST …'],
  ['the query in HTML', teams, '<pre>?api-version=2016-06-01&amp;sig=a%2Bb%2Fc-secret-signature</pre>', '<pre>…</pre>'],
  ['a value of the query, decoded', teams, 'wrong signature a+b/c-secret-signature', 'wrong signature …'],
  ['a part of the path, decoded', teams, 'no workflow abc def0123', 'no workflow …'],
  ['user and password', 'https://ada:hunter22@hooks.example/', 'hunter22 is wrong for ada', '… is wrong for …'],
])('leaves out %s', (_, address, text, expected) => expect(withoutAddress(text, address)).toBe(expected))

it('leaves out a beginning at the place where the answer was cut off', () => {
  const answer = `${'/services/T00000000/B11111111/xyzXYZsecret '.repeat(200)}`.slice(0, answerMax - 10) + 'xyzXYZsecr'
  expect(withoutAddress(answer, slack)).not.toContain('xyzXYZ')
})

it('leaves other text alone', () => {
  expect(withoutAddress('not allowed / here, in services', 'https://hooks.example/')).toBe('not allowed / here, in services')
  expect(withoutAddress('', slack)).toBe('')
})
