import { expect, it } from 'vitest'
import { proxyFor } from './proxy'

const proxy = 'http://proxy.example.com:8080'

it.each([
  ['none', {}, null],
  ['an empty one', { HTTPS_PROXY: '', HTTP_PROXY: ' ' }, null],
  ['HTTPS_PROXY', { HTTPS_PROXY: proxy, ALL_PROXY: 'http://other.example.com', HTTP_PROXY: 'http://third.example.com' }, proxy],
  ['https_proxy', { https_proxy: proxy, HTTP_PROXY: 'http://other.example.com' }, proxy],
  ['ALL_PROXY', { all_proxy: proxy, HTTP_PROXY: 'http://other.example.com' }, proxy],
  ['HTTP_PROXY', { HTTP_PROXY: proxy }, proxy],
])('takes the first that is set: %s', (_name, env, expected) => {
  expect(proxyFor(new URL('https://management.azure.com/'), env)).toBe(expected)
  expect(proxyFor(new URL('http://hooks.example.com/'), env)).toBe(expected)
})

it.each([
  ['https://management.azure.com/', '*', true],
  ['https://management.azure.com/', 'azure.com', true],
  ['https://management.azure.com/', '.azure.com', true],
  ['https://management.azure.com/', '*.AZURE.com', true],
  ['https://MANAGEMENT.azure.com/', 'a.example.com, management.azure.com', true],
  ['https://management.azure.com/', 'a.example.com management.azure.com:443', true],
  ['https://management.azure.com:8443/', 'management.azure.com:443', false],
  ['https://notazure.com/', 'azure.com', false],
  ['https://azure.com.example.com/', 'azure.com', false],
  ['https://management.azure.com/', ',, ,', false],
  ['http://127.0.0.1:41234/', '127.0.0.1', true],
  ['http://[::1]:41234/', '[::1]', true],
  ['http://[::1]:41234/', '[::1]:80', false],
])('reaches %s with NO_PROXY=%s directly: %s', (url, list, direct) => {
  expect(proxyFor(new URL(url), { HTTPS_PROXY: proxy, no_proxy: list })).toBe(direct ? null : proxy)
})

it.each(['10.0.0.1:8080', 'proxy.example.com:8080', 'proxy', 'socks5://user:hunter22@proxy.example.com'])('asks nothing of %s, unless it need not, and names the variable', (wrong) => {
  const url = new URL('https://hooks.example.com/')
  expect(() => proxyFor(url, { https_proxy: wrong })).toThrow(expect.objectContaining({ code: 'not-configured', message: 'https_proxy is no address of an HTTP proxy.' }))
  expect(proxyFor(url, { https_proxy: wrong, NO_PROXY: 'example.com' })).toBe(null)
})
